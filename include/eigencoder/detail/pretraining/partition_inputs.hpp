#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/pretraining/exact_partition.hpp>
#include <eigencoder/detail/pretraining/machine_units.hpp>
#include <eigencoder/detail/pretraining/rbm_energy.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <type_traits>

/// @file
/// What the estimates of a partition function read of a machine and its user's options: all of it is checked here.
namespace eigencoder::detail {

template <class Units>
inline constexpr bool has_known_energy = std::is_same_v<Units, BernoulliUnits> || std::is_same_v<Units, GaussianUnits>;
template <class Machine>
inline constexpr bool has_energy = false;
template <HasUnits Machine>
inline constexpr bool has_energy<Machine> =
    has_known_energy<VisibleOf<Machine>> && has_known_energy<HiddenOf<Machine>>;
template <class Machine>
inline constexpr bool has_bernoulli_side = false;
template <HasUnits Machine>
inline constexpr bool has_bernoulli_side<Machine> =
    std::is_same_v<VisibleOf<Machine>, BernoulliUnits> || std::is_same_v<HiddenOf<Machine>, BernoulliUnits>;

/// Whether the estimates compile.
template <class Machine>
inline constexpr bool has_partition = has_energy<Machine>&& has_bernoulli_side<Machine>;

/// Does not compile for machines that have no partition function.
template <class Machine>
constexpr void require_partition() {
  static_assert(HasUnits<Machine>, "eigencoder: a partition function is that of an Rbm");
  static_assert(!HasUnits<Machine> || has_energy<Machine>,
                "eigencoder: a partition function needs BernoulliUnits or GaussianUnits, whose energy it sums: other "
                "units have none");
  static_assert(!has_energy<Machine> || has_bernoulli_side<Machine>,
                "eigencoder: a partition function needs BernoulliUnits on one side: with Gaussian units on both it is "
                "infinite for large weights");
}

template <class Units>
inline constexpr UnitKind kind_of = std::is_same_v<Units, GaussianUnits> ? UnitKind::gaussian : UnitKind::bernoulli;

/// The energy of a machine, in any scalar; without the transposed weights where only products with samples follow.
/// @throws DataError for parameters that are not finite
template <class Scalar, class Machine>
[[gnu::cold]] RbmEnergy<Scalar> energy_of(const Machine& machine, const char* what, bool transposed = true) {
  const auto weights = machine.weights();
  const auto visible_bias = machine.visible_bias(), hidden_bias = machine.hidden_bias();
  const auto log_variance = machine.log_variance();
  RbmEnergy<Scalar> energy{.visible_kind = kind_of<VisibleOf<Machine>>,
                           .hidden_kind = kind_of<HiddenOf<Machine>>,
                           .weights = MatrixX<Scalar>(weights.rows(), weights.cols()),
                           .transposed = {},
                           .visible_bias = VectorX<Scalar>(visible_bias.size()),
                           .hidden_bias = VectorX<Scalar>(hidden_bias.size()),
                           .visible_stddev = {}};
  energy.visible_stddev.resize(log_variance.size());
  for (Index i = 0; i < log_variance.size(); ++i) {
    const double log_stddev = static_cast<double>(log_variance[i]) / 2;
    energy.visible_stddev[i] = static_cast<Scalar>(std::exp(log_stddev));
    energy.log_stddevs += log_stddev;
  }
  // v / s has unit variance for E = |v - b|^2 / (2 s^2) - h'W(v / s^2): its weights are W / s, its biases b / s.
  const auto scale = [&](Index i) { return energy.visible_stddev.size() > 0 ? energy.visible_stddev[i] : Scalar(1); };
  for (Index i = 0; i < weights.cols(); ++i) {
    energy.visible_bias[i] = static_cast<Scalar>(visible_bias[i]) / scale(i);
    for (Index j = 0; j < weights.rows(); ++j) energy.weights(j, i) = static_cast<Scalar>(weights(j, i)) / scale(i);
  }
  for (Index j = 0; j < weights.rows(); ++j) energy.hidden_bias[j] = static_cast<Scalar>(hidden_bias[j]);
  if (transposed) energy.transposed = energy.weights.transpose();
  // Finite parameters may be beyond the scalar once they are scaled.
  if (!energy.weights.allFinite() || !energy.visible_bias.allFinite() || !energy.hidden_bias.allFinite() ||
      !energy.visible_stddev.allFinite())
    throw DataError(message({what, ": the machine has a parameter that is not finite in units of its deviation"}));
  return energy;
}

/// @throws OptionError unless the states of one side can be listed
inline void require_enumerable(const RbmEnergy<double>& energy) {
  if (is_enumerable(energy.visible_kind, energy.visible_size()) ||
      is_enumerable(energy.hidden_kind, energy.hidden_size()))
    return;
  throw OptionError(message({"exact_log_partition: ", energy.visible_size(), " visible and ", energy.hidden_size(),
                             " hidden units; BernoulliUnits on one side must be at most ", max_enumerated_units}));
}

/// The biases of the base model's visible units, from their means.
/// @throws ShapeError for another number of means, OptionError for means outside their range
template <class Scalar>
[[gnu::cold]] VectorX<Scalar> base_bias(const RbmEnergy<Scalar>& energy, const VectorX<double>& means,
                                        const char* what) {
  if (means.size() == 0) return energy.visible_bias;
  if (means.size() != energy.visible_size())
    throw ShapeError(message({what, ": got ", means.size(), " base means, expected one for each of the ",
                              energy.visible_size(), " visible units, or none"}));
  const bool bernoulli = energy.visible_kind == UnitKind::bernoulli;
  VectorX<Scalar> bias(means.size());
  for (Index i = 0; i < means.size(); ++i) {
    if (bernoulli)
      require_probability("base_means", means[i]);
    else
      require_finite("base_means", means[i]);
    const double mean = bernoulli ? std::clamp(means[i], 0.01, 0.99) : means[i];
    bias[i] = static_cast<Scalar>(bernoulli ? std::log(mean / (1 - mean)) : mean);
    if (energy.visible_stddev.size() > 0) bias[i] /= energy.visible_stddev[i];
    require_finite("base_means", static_cast<double>(bias[i]));
  }
  return bias;
}

/// @throws ShapeError, DataError for samples that the machine gives no likelihood
template <class Scalar>
[[gnu::cold]] void check_samples(const RbmEnergy<Scalar>& energy, View<Scalar> samples, const char* what) {
  check_rows(samples, energy.visible_size(), what);
  check_finite(samples, what);
  if (energy.visible_kind != UnitKind::bernoulli) return;
  for (Index j = 0; j < samples.cols(); ++j)
    for (Index i = 0; i < samples.rows(); ++i)
      if (const Scalar value = samples.column(j)[i]; value != 0 && value != 1)
        throw DataError(message({what, ": value ", i, " of sample ", j,
                                 " is neither 0 nor 1; under BernoulliUnits others have no likelihood"}));
}

}  // namespace eigencoder::detail
