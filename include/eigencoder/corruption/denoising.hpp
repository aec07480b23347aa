#pragma once

#include <cmath>
#include <eigencoder/corruption/masking.hpp>
#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// The policy that makes a denoising autoencoder: training corrupts every input anew at each step and keeps the
/// clean sample as its target, so that the model cannot succeed by copying. Evaluation sees samples as they are.
///
///     Denoising<Masking>
///     Denoising{GaussianNoise{.stddev = 0.2}}
///     Denoising{[](auto* sample, Shape shape, Random& random) { sample[random.below(784)] = 0; }}
///
/// The loss of the values that the corruption changed and that of those it left as they were may have different
/// weights, for a loss that treats each value by itself (see `SeparableLoss`).
///
/// Sources: Vincent et al., "Extracting and composing robust features with denoising autoencoders" (2008), section 2;
/// for the weights Vincent et al., "Stacked denoising autoencoders" (2010), section 3.4, alpha and beta.
template <Corruption C = Masking>
struct Denoising {
  static constexpr std::string_view kind = "Denoising";
  static constexpr Index place = -1;

  C corruption{};
  double corrupted_weight = 1;  ///< alpha, of the loss of the values that the corruption changed
  double intact_weight = 1;     ///< beta, of the loss of the others

  void validate() const {
    detail::validate_corruption(corruption);
    for (const double weight : {corrupted_weight, intact_weight})
      if (!(weight >= 0 && std::isfinite(weight)))
        throw OptionError("eigencoder: the weights of Denoising must be finite and at least 0");
    if (corrupted_weight == 0 && intact_weight == 0)
      throw OptionError("eigencoder: one of the weights of Denoising must be above 0");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_corruption(corruption, input); }

  /// Whether the loss tells corrupted values from intact ones.
  constexpr bool emphasizes() const { return corrupted_weight != 1 || intact_weight != 1; }

  /// Corrupts one sample of `shape` in place, all draws taken from `random`.
  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    corrupt_with(corruption, sample, shape, random);
  }
};
template <class C>
Denoising(C, double = 1, double = 1) -> Denoising<C>;

}  // namespace eigencoder
