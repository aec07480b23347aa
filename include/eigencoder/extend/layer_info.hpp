#pragma once

#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder {

/// The parameter blocks of a linear layer, -1 where it has none, and its turn at the weight.
struct LinearBlocks {
  Index weight = -1;
  Index bias = -1;
  Index bias_period = 1;
  ContributionOrder turn = ContributionOrder::only;
};

/// What a model knows of one of its layers: the shapes, and which blocks are its own.
struct LayerInfo {
  Shape in = Shape::none();
  Shape out = Shape::none();
  LinearBlocks blocks;
  Index first_block = 0;
  Index first_statistics = 0;
};

}  // namespace eigencoder
