#pragma once

#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

/// @file
/// Corruptions that change values one by one, for `Denoising` and `corrupted`.
namespace eigencoder {

/// Leaves samples as they are: for comparisons, and the template for a corruption of your own.
struct NoCorruption {
  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "NoCorruption";

  void validate() const {}

  template <class Scalar>
  void corrupt(Scalar*, Shape, Random&) const {}
  ///@}
};

/// Adds an independent normal draw of mean 0 to every value: additive isotropic Gaussian noise.
/// Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3.
struct GaussianNoise {
  double stddev = 0.1;   ///< the standard deviation, at least 0; in units of the data
  bool clipped = false;  ///< whether the noisy values are clamped to [0, 1], for images

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "GaussianNoise";

  void validate() const { detail::require_nonnegative("GaussianNoise.stddev", stddev); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) {
      const double noisy = static_cast<double>(sample[i]) + stddev * random.normal();
      sample[i] = static_cast<Scalar>(clipped ? detail::clamp_to_unit(noisy) : noisy);
    }
  }
  ///@}
};

/// Sets each value to a constant with the same probability, independently of the others.
/// Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3, masking noise; there the number of
/// masked values is fixed, here its mean.
struct Masking {
  double rate = 0.3;          ///< the probability that a value is masked, in [0, 1]
  bool whole_pixels = false;  ///< whether the channels of a pixel of an image are masked together
  double value = 0;           ///< the constant that replaces masked values

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Masking";

  void validate() const {
    detail::require_probability("Masking.rate", rate);
    detail::require_finite("Masking.value", value);
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size(), together = detail::values_per_draw(shape, whole_pixels);
    const auto masked = static_cast<Scalar>(value);
    for (Index first = 0; first < size; first += together) {
      const bool hit = random.bernoulli(rate);
      for (Index i = first; i < first + together; ++i) sample[i] = hit ? masked : sample[i];
    }
  }
  ///@}

  /// As every corruption that `Erases`.
  template <class Scalar>
  void mark_erased(Scalar* mask, Shape shape, Random& random) const {
    Masking{rate, whole_pixels, 1}.corrupt(mask, shape, random);
  }
};

/// Sets each value with the same probability, independently of the others, to the lowest or the highest, both equally
/// likely. Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3; there the number of changed
/// values is fixed, here its mean.
struct SaltAndPepper {
  double rate = 0.1;          ///< the probability that a value is changed, in [0, 1]
  double low = 0;             ///< the lowest value, pepper
  double high = 1;            ///< the highest value, salt
  bool whole_pixels = false;  ///< whether the channels of a pixel of an image are changed together

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "SaltAndPepper";

  void validate() const {
    detail::require_probability("SaltAndPepper.rate", rate);
    detail::require_finite("SaltAndPepper.low", low);
    detail::require_finite("SaltAndPepper.high", high);
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size(), together = detail::values_per_draw(shape, whole_pixels);
    const auto pepper = static_cast<Scalar>(low), salt = static_cast<Scalar>(high);
    for (Index first = 0; first < size; first += together) {
      const double draw = random.uniform();
      for (Index i = first; i < first + together; ++i)
        sample[i] = draw < rate / 2 ? pepper : draw < rate ? salt : sample[i];
    }
  }
  ///@}
};

/// Adds a normal draw of mean 0 to every value, as `GaussianNoise`, and makes an outlier of each value with the same
/// probability, independently of the others: a model that restores them learns which value does not fit the others. On
/// data of mean 0 and variance 1 a value that is replaced by a draw of variance 1 is about another sample's.
/// Source: Tukey, "A survey of sampling from contaminated distributions" (1960), for outliers that are added.
struct OutlierNoise {
  double stddev = 0.3;          ///< of the noise on every value, at least 0
  double rate = 0.1;            ///< the probability that a value becomes an outlier, in [0, 1]
  double outlier_stddev = 1.5;  ///< of the outliers' draws, at least 0
  bool replaces = false;        ///< whether an outlier's draw replaces the value, or else is added to it

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "OutlierNoise";

  void validate() const {
    detail::require_nonnegative("OutlierNoise.stddev", stddev);
    detail::require_probability("OutlierNoise.rate", rate);
    detail::require_nonnegative("OutlierNoise.outlier_stddev", outlier_stddev);
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) {
      double noisy = static_cast<double>(sample[i]) + stddev * random.normal();
      if (random.bernoulli(rate)) noisy = (replaces ? 0 : noisy) + outlier_stddev * random.normal();
      sample[i] = static_cast<Scalar>(noisy);
    }
  }
  ///@}
};

}  // namespace eigencoder
