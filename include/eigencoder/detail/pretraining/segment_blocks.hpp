#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/detail/pretraining/segments.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <vector>

/// @file
/// Copies learned values between a model and the autoencoder of one of its segments, whose layers are the model's.
namespace eigencoder::detail {

/// Calls `visit(own block, the model's block)` for all blocks of a segment's autoencoder. A layer has the same blocks
/// in both, in the same order; what a bottleneck or a loss adds comes after them.
template <class Block, class Visit>
[[gnu::cold]] void for_each_shared_block(const std::vector<Block>& own, const std::vector<Block>& model,
                                         const Segment& segment, const Visit& visit) {
  const auto depth = static_cast<Index>(segment.encoder.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Index at = own[i].layer;
    const Index layer = at < depth ? static_cast<Index>(segment.encoder.first) + at
                                   : static_cast<Index>(segment.decoder.first) + at - depth;
    const auto order = std::count_if(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(i),
                                     [&](const Block& block) { return block.layer == at; });
    const auto first =
        std::find_if(model.begin(), model.end(), [&](const Block& block) { return block.layer == layer; });
    visit(own[i], *(first + order));
  }
}

/// Gives the autoencoder of a segment the model's learned values.
template <class Scalar>
[[gnu::cold]] void load_segment(const ParameterLayout& layout, const ModelState<Scalar>& model, const Segment& segment,
                                const ParameterLayout& own_layout, ModelState<Scalar>& own) {
  for_each_shared_block(own_layout.blocks(), layout.blocks(), segment,
                        [&](const ParameterBlock& to, const ParameterBlock& from) {
                          std::copy_n(model.parameters.data() + from.offset, from.size(),
                                      own.parameters.data() + to.offset);
                        });
  for_each_shared_block(own_layout.statistics_blocks(), layout.statistics_blocks(), segment,
                        [&](const StatisticsBlock& to, const StatisticsBlock& from) {
                          std::copy_n(model.statistics.data() + from.offset, from.size,
                                      own.statistics.data() + to.offset);
                        });
}

/// Gives the model the learned values of a segment's autoencoder.
template <class Scalar>
[[gnu::cold]] void store_segment(const ParameterLayout& own_layout, const ModelState<Scalar>& own,
                                 const Segment& segment, const ParameterLayout& layout, ModelState<Scalar>& model) {
  for_each_shared_block(own_layout.blocks(), layout.blocks(), segment,
                        [&](const ParameterBlock& from, const ParameterBlock& to) {
                          std::copy_n(own.parameters.data() + from.offset, from.size(),
                                      model.parameters.data() + to.offset);
                        });
  for_each_shared_block(own_layout.statistics_blocks(), layout.statistics_blocks(), segment,
                        [&](const StatisticsBlock& from, const StatisticsBlock& to) {
                          std::copy_n(own.statistics.data() + from.offset, from.size,
                                      model.statistics.data() + to.offset);
                        });
}

}  // namespace eigencoder::detail
