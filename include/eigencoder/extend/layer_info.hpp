#pragma once

#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder {

/// The parameter blocks of a linear layer.
struct LinearBlocks {
  Index weight = -1;      ///< the index of the weight's block; -1 if it has none
  Index bias = -1;        ///< the index of the bias's block; -1 if it has none
  Index bias_period = 1;  ///< bias values, which repeat throughout an output sample
  ContributionOrder order = ContributionOrder::only;  ///< of its contribution to the weight's gradient
};

/// What a model knows of one of its layers.
struct LayerInfo {
  Shape in = Shape::none();    ///< the shape of one input sample
  Shape out = Shape::none();   ///< the shape of one output sample
  LinearBlocks blocks;         ///< of a linear layer
  Index first_block = 0;       ///< of a custom layer, the index of its first parameter block
  Index first_statistics = 0;  ///< of a custom layer, the index of its first block of running statistics
};

}  // namespace eigencoder
