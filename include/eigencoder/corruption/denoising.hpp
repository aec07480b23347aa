#pragma once

#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// The policy of a denoising autoencoder: training corrupts every input anew in each step while its target stays the
/// clean sample, so that the model cannot succeed by copying. Evaluation sees clean samples.
///
///     Denoising<Masking>
///     Denoising{GaussianNoise{.stddev = 0.2}}
///     Denoising{[](auto* sample, Shape shape, Random& random) { sample[random.below(784)] = 0; }}
///
/// The losses of corrupted values and of intact values may have different weights if the loss is a `SeparableLoss`.
///
/// Sources: Vincent et al., "Extracting and composing robust features with denoising autoencoders" (2008), section 2;
/// for the weights Vincent et al., "Stacked denoising autoencoders" (2010), section 3.4, alpha and beta.
template <Corruption C = Masking>
struct Denoising {
  C corruption{};               ///< is applied to the inputs of training
  double corrupted_weight = 1;  ///< alpha, of the losses of values that the corruption changed; at least 0
  double intact_weight = 1;     ///< beta, of the losses of the other values; at least 0, and not both are 0

  /// As every policy that `Corrupts`.
  ///@{
  static constexpr std::string_view kind = "Denoising";
  static constexpr Index at_layer = -1;

  void validate() const {
    validate_corruption(corruption);
    detail::require_nonnegative("Denoising.corrupted_weight", corrupted_weight);
    detail::require_nonnegative("Denoising.intact_weight", intact_weight);
    if (corrupted_weight == 0 && intact_weight == 0)
      throw OptionError("eigencoder: one of the weights of Denoising must be above 0");
  }
  constexpr Diagnosis diagnose(Shape input) const { return diagnose_corruption(corruption, input); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    corrupt_with(corruption, sample, shape, random);
  }
  ///@}

  /// Whether corrupted and intact values have different weights; see `Emphasizes`.
  constexpr bool emphasizes() const { return corrupted_weight != 1 || intact_weight != 1; }
};
template <class C>
Denoising(C, double = 1, double = 1) -> Denoising<C>;

}  // namespace eigencoder
