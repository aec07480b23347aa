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

/// Calls `copy(own values, the model's, their number)` for all learned values of a segment's autoencoder.
template <class OwnState, class State, class Copy>
[[gnu::cold]] void for_shared_values(const ParameterLayout& own_layout, OwnState& own, const Segment& segment,
                                     const ParameterLayout& layout, State& model, const Copy& copy) {
  for_each_shared_block(own_layout.blocks(), layout.blocks(), segment,
                        [&](const ParameterBlock& a, const ParameterBlock& b) {
                          copy(own.parameters.data() + a.offset, model.parameters.data() + b.offset, a.size());
                        });
  for_each_shared_block(own_layout.statistics_blocks(), layout.statistics_blocks(), segment,
                        [&](const StatisticsBlock& a, const StatisticsBlock& b) {
                          copy(own.statistics.data() + a.offset, model.statistics.data() + b.offset, a.size);
                        });
}

/// Gives the autoencoder of a segment the model's learned values.
template <class Scalar>
[[gnu::cold]] void load_segment(const ParameterLayout& layout, const ModelState<Scalar>& model, const Segment& segment,
                                const ParameterLayout& own_layout, ModelState<Scalar>& own) {
  for_shared_values(own_layout, own, segment, layout, model,
                    [](Scalar* to, const Scalar* from, Index size) { std::copy_n(from, size, to); });
}

/// Gives the model the learned values of a segment's autoencoder.
template <class Scalar>
[[gnu::cold]] void store_segment(const ParameterLayout& own_layout, const ModelState<Scalar>& own,
                                 const Segment& segment, const ParameterLayout& layout, ModelState<Scalar>& model) {
  for_shared_values(own_layout, own, segment, layout, model,
                    [](const Scalar* from, Scalar* to, Index size) { std::copy_n(from, size, to); });
}

}  // namespace eigencoder::detail
