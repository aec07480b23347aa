#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/shape.hpp>
#include <limits>
#include <span>
#include <string>

namespace eigencoder::detail {

/// What a network accepts: samples of its input's size and targets in its loss's range, every value finite, or with
/// `MayBeUnknown` NaN where it is unknown. The names that functions take stand in the messages of errors. Every
/// function throws `ShapeError` for a wrong size and `DataError` for a wrong value or number of samples.
template <class Scalar, class LossType, bool MayBeUnknown>
class InputValidation {
 public:
  InputValidation(Shape input, const LossType& loss) : input_(input), loss_(loss) {}

  /// Checks pairs of inputs and targets in memory.
  [[gnu::cold]] void check_samples(View<Scalar> inputs, View<Scalar> targets, const char* inputs_name,
                                   const char* targets_name) const {
    check_count(inputs.rows(), inputs.cols(), inputs_name);
    check_values(inputs, inputs_name);
    if (targets != inputs) {
      check_rows(targets, input_.size(), targets_name);
      check_values(targets, targets_name);
      if (targets.cols() != inputs.cols())
        throw ShapeError(message({targets_name, ": ", targets.cols(), " for ", inputs.cols(), " inputs"}));
    }
    for (Index j = 0; j < targets.cols(); ++j) check_range(targets.column(j), j, targets_name);
  }

  /// Checks all that is known of a loader's pairs before they are fetched: the values of those in memory, else the
  /// sizes.
  void check_samples(const BatchLoader<Scalar>& loader, const char* inputs_name, const char* targets_name) const {
    if (const auto* all = loader.all()) check_samples(all->inputs, all->targets, inputs_name, targets_name);
    else check_count(loader.rows(), loader.size(), inputs_name);
  }
  /// The same where targets do not matter.
  void check_inputs(const BatchLoader<Scalar>& loader, const char* name) const {
    check_count(loader.rows(), loader.size(), name);
    if (const auto* all = loader.all()) check_values(all->inputs, name);
  }

  /// Checks that samples to learn from, in memory, hold each value at least once.
  [[gnu::cold]] void check_columns([[maybe_unused]] const BatchLoader<Scalar>& loader,
                                   [[maybe_unused]] const char* inputs_name,
                                   [[maybe_unused]] const char* targets_name) const {
    if constexpr (MayBeUnknown)
      if (const auto* all = loader.all()) {
        check_known_values(all->inputs, inputs_name);
        if (all->has_targets()) check_known_values(all->targets, targets_name);
      }
  }

  /// Checks samples of any size: no value may be infinite, or unknown where that is not allowed.
  static void check_values(View<Scalar> samples, const char* name) {
    if constexpr (MayBeUnknown) check_known(samples, name);
    else check_finite(samples, name);
  }

  /// Checks what a loader fetched for these indices, where it was not checked in memory.
  void check_fetched(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                     std::span<const std::uint32_t> indices) const {
    if (loader.all()) return;
    check_fetched_inputs(loader, batch, indices);
    const char* name = batch.has_targets() ? "the targets of the source" : loader.name();
    check_rows(batch.targets, input_.size(), name);
    check_complete(batch.targets, batch, indices, name);
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const Scalar* target = batch.target(static_cast<Index>(k));
      const auto index = static_cast<Index>(indices[k]);
      if (batch.has_targets()) check_values(target, index, name);
      check_range(target, index, name);
    }
  }
  /// The same where targets do not matter.
  void check_fetched_inputs(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                            std::span<const std::uint32_t> indices) const {
    if (loader.all()) return;
    check_rows(batch.inputs, input_.size(), loader.name());
    check_complete(batch.inputs, batch, indices, loader.name());
    for (std::size_t k = 0; k < indices.size(); ++k)
      check_values(batch.input(static_cast<Index>(k)), static_cast<Index>(indices[k]), loader.name());
  }

  /// Whether the loss takes a target without infinities, as far as its values are known.
  bool is_in_range(const Scalar* target) const {
    if constexpr (!MayBeUnknown) {
      return loss_.is_valid_target(target, input_.size(), input_.channels);
    } else if constexpr (SkipsUnknown<LossType>) {
      return loss_.is_valid_known_target(target, input_.size(), input_.channels);
    } else {
      for (Index i = 0; i < input_.size(); ++i)
        if (!(std::isnan)(target[i]) && !loss_.is_valid_target(target + i, Index{1}, Index{1})) return false;
      return true;
    }
  }

 private:
  void check_values(const Scalar* sample, Index index, const char* name) const {
    if constexpr (MayBeUnknown) check_known(sample, input_.size(), index, name);
    else check_finite(sample, input_.size(), index, name);
  }

  void check_range(const Scalar* target, Index index, const char* name) const {
    if (is_in_range(target)) return;
    if constexpr (requires { std::string(loss_.range_of(target, input_.size())); })
      throw_out_of_range(index, LossType::name, loss_.range_of(target, input_.size()), name);
    else
      throw_out_of_range(index, LossType::name, LossType::range, name);
  }

  /// Checks that a loader gave as many columns as it was asked for.
  void check_complete(View<Scalar> columns, const Batch<Scalar>& batch, std::span<const std::uint32_t> indices,
                      const char* name) const {
    for (Index j = 0; j < static_cast<Index>(indices.size()); ++j)
      if (batch.column(j) >= columns.cols())
        throw DataError(message({name, ": gave ", j, " of ", static_cast<Index>(indices.size()), " samples"}));
  }

  void check_count(Index rows, Index samples, const char* name) const {
    check_rows(View<Scalar>(nullptr, rows, samples), input_.size(), name);
    require_countable(samples, name);
  }

  Shape input_;
  LossType loss_;
};

}  // namespace eigencoder::detail
