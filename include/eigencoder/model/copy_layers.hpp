#pragma once

#include <algorithm>
#include <eigencoder/detail/network/layer_blocks.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder {

/// Copies the parameters and running statistics of layers first, ..., last - 1 from one model to another, in which the
/// layers stand at the same positions. The models may differ in everything else: other layers, the loss, policies, the
/// scalar. A mirrored `Dense` stores its weight transposed: its values go to the places that they have in the other
/// model. A weight that a tied decoder shares belongs to the encoder's layer; what a bottleneck or a loss learns
/// belongs to none.
///
///     copy_layers(autoencoder, classifier, 0, 4);     // the encoder
///
/// The other model keeps its epochs, but its next `fit` begins with a new state of the optimizer.
/// @throws OptionError for layers that a model does not have, and while the other model is being trained
/// @throws ShapeError, naming the layer, where parameters or statistics have other sizes or another meaning: those of
///         another normalization, or of another kernel; nothing is copied then
template <class From, class To>
[[gnu::cold]] void copy_layers(const From& from, To& to, Index first, Index last) {
  const auto& source = detail::ModelAccess::state(from);
  auto& state = detail::ModelAccess::state(to, "changed");
  const detail::LayerBlocks theirs = detail::layer_blocks(detail::ModelAccess::network(from));
  const detail::LayerBlocks ours = detail::layer_blocks(detail::ModelAccess::network(to));
  if (first < 0 || first > last || last > theirs.layers() || last > ours.layers())
    throw OptionError(detail::message({"copy_layers: no layers ", first, " to ", last - 1, ": the models have ",
                                       theirs.layers(), " and ", ours.layers()}));
  for (Index layer = first; layer < last; ++layer) detail::require_same_blocks(theirs, ours, layer);

  using Scalar = typename To::Scalar;
  const auto copy = [](const auto* values, Index size, Scalar* copied) {
    std::transform(values, values + size, copied, [](auto value) { return static_cast<Scalar>(value); });
  };
  for (Index layer = first; layer < last; ++layer) {
    for (Index i = 0; i < theirs.parameters(layer).count; ++i) {
      const ParameterBlock &a = theirs.parameter(layer, i), &b = ours.parameter(layer, i);
      const auto* values = source.parameters.data() + a.offset;
      Scalar* copied = state.parameters.data() + b.offset;
      if (!detail::is_transposed_in_one(theirs, ours, layer, i))
        copy(values, a.size(), copied);
      else
        for (Index row = 0; row < a.rows; ++row)
          for (Index col = 0; col < a.cols; ++col)
            copied[col * b.cols + row] = static_cast<Scalar>(values[row * a.cols + col]);
    }
    for (Index i = 0; i < theirs.statistics(layer).count; ++i) {
      const StatisticsBlock &a = theirs.statistic(layer, i), &b = ours.statistic(layer, i);
      copy(source.statistics.data() + a.offset, a.size, state.statistics.data() + b.offset);
    }
  }
  state.optimizer = {};
  state.progress = {};  // the best parameters of a run that was stopped are older
}

}  // namespace eigencoder
