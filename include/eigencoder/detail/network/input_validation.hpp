#pragma once

#include <algorithm>
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

/// What a network accepts: samples of its input's size and targets of its output's in its loss's range, every value
/// finite, or with `MayBeUnknown` NaN where it is unknown; with `SetsTarget` no samples without targets. The names that
/// functions take stand in the messages of errors. Every function throws `ShapeError` for a wrong size and `DataError`
/// for a wrong value or number of samples.
template <class Scalar, class LossType, bool MayBeUnknown, bool SetsTarget>
class InputValidation {
 public:
  InputValidation(Shape input, Shape target, const LossType& loss) : input_(input), target_(target), loss_(loss) {}

  /// Checks pairs of inputs and targets in memory.
  [[gnu::cold]] void check_samples(View<Scalar> inputs, View<Scalar> targets, const char* inputs_name,
                                   const char* targets_name) const {
    check_count(inputs.rows(), inputs.cols(), inputs_name);
    check_values(inputs, inputs_name);
    if (SetsTarget || targets != inputs) {
      check_target_rows(targets, targets_name);
      check_values(targets, targets_name);
      if (targets.cols() != inputs.cols())
        throw ShapeError(message({targets_name, ": ", targets.cols(), " for ", inputs.cols(), " inputs"}));
    }
    for (Index j = 0; j < targets.cols(); ++j) check_range(targets.column(j), targets.rows(), j, targets_name);
  }

  /// Checks all that is known of a loader's pairs before they are fetched: the values of those in memory, else the
  /// sizes.
  void check_samples(const BatchLoader<Scalar>& loader, const char* inputs_name, const char* targets_name) const {
    if (SetsTarget && !loader.all() && !loader.has_targets())
      throw DataError(message({inputs_name, ": a model with a Target needs a target for each; ", loader.name(),
                               " has none"}));
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
    else check_finite(samples, name, needs_missing_values);
  }

  /// Checks what a loader fetched for these indices, where it was not checked in memory.
  void check_fetched(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                     std::span<const std::uint32_t> indices) const {
    if (loader.all()) return;
    check_fetched_inputs(loader, batch, indices);
    const char* name = batch.has_targets() ? "the targets of the source" : loader.name();
    check_target_rows(batch.targets, name);
    check_complete(batch.targets, batch, indices, name);
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const Scalar* target = batch.target(static_cast<Index>(k));
      const auto index = static_cast<Index>(indices[k]);
      if (batch.has_targets()) check_values(target, batch.targets.rows(), index, name);
      check_range(target, batch.targets.rows(), index, name);
    }
  }
  /// The same where targets do not matter.
  void check_fetched_inputs(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                            std::span<const std::uint32_t> indices) const {
    if (loader.all()) return;
    check_rows(batch.inputs, input_.size(), loader.name());
    check_complete(batch.inputs, batch, indices, loader.name());
    for (std::size_t k = 0; k < indices.size(); ++k)
      check_values(batch.input(static_cast<Index>(k)), input_.size(), static_cast<Index>(indices[k]), loader.name());
  }

  /// Whether targets of so many values are classes.
  bool are_classes([[maybe_unused]] Index rows) const {
    if constexpr (TakesClasses<LossType>) return rows != target_.size() && rows == target_.height * target_.width;
    else return false;
  }
  /// Writes a target in the form in which the loss takes it, expanded if it is of classes.
  void copy_target(const Scalar* target, Index rows, Scalar* to) const {
    if constexpr (TakesClasses<LossType>)
      if (are_classes(rows)) {
        for (Index i = 0; i < rows; ++i) loss_.expand_class(target[i], to + i * target_.channels, target_.channels);
        return;
      }
    std::copy_n(target, rows, to);
  }

  /// Whether the loss takes a target without infinities, as far as its values are known.
  bool is_in_range(const Scalar* target) const {
    if constexpr (!MayBeUnknown) {
      return loss_.is_valid_target(target, target_.size(), target_.channels);
    } else if constexpr (SkipsUnknown<LossType>) {
      return loss_.is_valid_known_target(target, target_.size(), target_.channels);
    } else {
      for (Index i = 0; i < target_.size(); ++i)
        if (!(std::isnan)(target[i]) && !loss_.is_valid_target(target + i, Index{1}, Index{1})) return false;
      return true;
    }
  }

 private:
  static void check_values(const Scalar* sample, Index rows, Index index, const char* name) {
    if constexpr (MayBeUnknown) check_known(sample, rows, index, name);
    else check_finite(sample, rows, index, name, needs_missing_values);
  }

  void check_target_rows(View<Scalar> targets, const char* name) const {
    if (are_classes(targets.rows())) return;
    if constexpr (TakesClasses<LossType>)
      if (targets.cols() > 0 && targets.rows() != target_.size() && target_.channels > 1)
        throw ShapeError(message({name, ": got ", targets.rows(), " x ", targets.cols(),
                                  " (values x samples), expected ", target_.size(), " values a sample, or ",
                                  target_.height * target_.width, " as classes"}));
    check_rows(targets, target_.size(), name);
  }

  void check_range(const Scalar* target, [[maybe_unused]] Index rows, Index index, const char* name) const {
    if constexpr (TakesClasses<LossType>)
      if (are_classes(rows)) {
        for (Index i = 0; i < rows; ++i)
          if (!loss_.is_class(target[i], target_.channels))
            throw DataError(message({name, ": sample ", index, " holds ",
                                     std::to_string(static_cast<double>(target[i])), " at value ", i, "; ",
                                     LossType::name, " takes whole numbers from 0 to ", target_.channels - 1,
                                     " as classes"}));
        return;
      }
    if (is_in_range(target)) return;
    if constexpr (requires { std::string(loss_.range_of(target, target_.size())); })
      throw_out_of_range(index, LossType::name, loss_.range_of(target, target_.size()), name);
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

  Shape input_, target_;
  LossType loss_;
};

}  // namespace eigencoder::detail
