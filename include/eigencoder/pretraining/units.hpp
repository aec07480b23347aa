#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/regression.hpp>
#include <numbers>
#include <string_view>

/// @file
/// The units of a restricted Boltzmann machine (Smolensky, "Information processing in dynamical systems" (1986), as
/// harmony theory). Given the other side the units of one side are independent, and the distribution of each depends on
/// its total input: its bias plus the weighted values of the other side. The members beside the sizes are for `Rbm`;
/// pointers are to one value for each unit; those to what follows from variances may be null, for variances of 1.
namespace eigencoder {

/// Units that are 0 or 1, 1 with probability sigmoid(input). As visible units they take any data in [0, 1], as
/// probabilities.
struct BernoulliUnits {
  Index size = 0;  ///< the number of units, at least 1

  /// As every kind of units.
  ///@{
  using Loss = Bernoulli;  ///< of a reconstruction, as a function of the inputs
  static constexpr std::string_view name = "BernoulliUnits";
  static constexpr bool can_be_visible = true, in_unit_interval = true, learn_variance = false;

  /// Turns inputs into means.
  template <class Scalar>
  void to_mean(Scalar* values) const {
    for (Index i = 0; i < size; ++i) values[i] = detail::math::sigmoid(values[i]);
  }
  /// The derivative of each mean by its input.
  template <class Scalar>
  void derivative(const Scalar* input, Scalar* to) const {
    for (Index i = 0; i < size; ++i) {
      const Scalar p = detail::math::sigmoid(input[i]);
      to[i] = p * (1 - p);
    }
  }
  /// Draws states, whose probabilities are right to within 2^-24; `state` may be `input`.
  template <class Scalar>
  void draw(const Scalar* input, const Scalar*, Scalar* state, Random random) const {
    constexpr Index block = 128;
    float uniform[block];
    for (Index first = 0; first < size; first += block) {
      const Index count = (std::min)(block, size - first);
      random.fill_uniform({uniform, static_cast<std::size_t>(count)});
      for (Index i = 0; i < count; ++i)
        state[first + i] =
            static_cast<Scalar>(uniform[i]) < detail::math::sigmoid(input[first + i]) ? Scalar(1) : Scalar(0);
    }
  }
  /// The log of the sum over all states of e^(states times inputs).
  template <class Scalar>
  double log_normalizer(const Scalar* input, const Scalar*, const Scalar*) const {
    double sum = 0;
    for (Index i = 0; i < size; ++i) sum += static_cast<double>(detail::math::softplus(input[i]));
    return sum;
  }
  /// The units' own part of the energy of values: -(bias times values).
  template <class Scalar>
  double energy(const Scalar* values, const Scalar* bias, const Scalar*) const {
    double sum = 0;
    for (Index i = 0; i < size; ++i) sum -= static_cast<double>(bias[i]) * static_cast<double>(values[i]);
    return sum;
  }
  ///@}
};

/// Units that are normal with the input as the mean. As visible units they take any data, best scaled to variances of
/// about 1; as hidden ones they are the linear code of Hinton & Salakhutdinov, "Reducing the dimensionality of data
/// with neural networks" (2006). The variance is 1, or s_i^2 = e^z_i with z learned (visible units alone): the energy
/// is then that of Cho, Ilin & Raiko, "Improved learning of Gaussian-Bernoulli restricted Boltzmann machines" (2011).
struct GaussianUnits {
  Index size = 0;               ///< the number of units, at least 1
  bool learn_variance = false;  ///< whether the variance of each visible unit is learned

  /// As every kind of units.
  ///@{
  using Loss = SquaredError;  ///< of a reconstruction, as a function of the inputs
  static constexpr std::string_view name = "GaussianUnits";
  static constexpr bool can_be_visible = true, in_unit_interval = false;

  /// Leaves the values, which are the means.
  template <class Scalar>
  void to_mean(Scalar*) const {}
  /// The derivative of each mean by its input.
  template <class Scalar>
  void derivative(const Scalar*, Scalar* to) const {
    std::fill_n(to, size, Scalar(1));
  }
  /// Draws states of these standard deviations; `state` may be `input`.
  template <class Scalar>
  void draw(const Scalar* input, const Scalar* stddev, Scalar* state, Random random) const {
    for (Index i = 0; i < size; ++i) {
      const double deviation = stddev ? static_cast<double>(stddev[i]) : 1;
      state[i] = static_cast<Scalar>(static_cast<double>(input[i]) + deviation * random.normal());
    }
  }
  /// The log of the integral of e^(-(h - bias)^2 / (2 s^2) + h x / s^2) over the states h, where x is input - bias.
  template <class Scalar>
  double log_normalizer(const Scalar* input, const Scalar* bias, const Scalar* log_variance) const {
    double sum = 0;
    for (Index i = 0; i < size; ++i) {
      const auto a = static_cast<double>(input[i]), b = static_cast<double>(bias[i]);
      const double z = log_variance ? static_cast<double>(log_variance[i]) : 0;
      sum += (std::log(2 * std::numbers::pi) + z + (a - b) * (a + b) * std::exp(-z)) / 2;
    }
    return sum;
  }
  /// The units' own part of the energy of values: the sum of (value - bias)^2 / (2 s^2).
  template <class Scalar>
  double energy(const Scalar* values, const Scalar* bias, const Scalar* inverse_variance) const {
    double sum = 0;
    for (Index i = 0; i < size; ++i) {
      const double error = static_cast<double>(values[i]) - static_cast<double>(bias[i]);
      sum += error * error / 2 * (inverse_variance ? static_cast<double>(inverse_variance[i]) : 1);
    }
    return sum;
  }
  ///@}
};

/// Hidden units max(0, n) with n normal of mean `input` and variance sigmoid(input): the approximation of infinitely
/// many binary units with the same weights and shifted biases. Its mean is exact here, for input a and variance s^2:
/// a P(a / s) + s p(a / s), with the standard normal distribution function P and density p.
/// Source: Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010).
struct RectifiedUnits {
  Index size = 0;  ///< the number of units, at least 1

  /// As every kind of units.
  ///@{
  static constexpr std::string_view name = "RectifiedUnits";
  static constexpr bool can_be_visible = false, in_unit_interval = false, learn_variance = false;

  /// Turns inputs into means.
  template <class Scalar>
  void to_mean(Scalar* values) const {
    for (Index i = 0; i < size; ++i) {
      const Scalar a = values[i], s = deviation(a);
      values[i] = a * detail::math::normal_distribution(a / s) + s * detail::math::normal_density(a / s);
    }
  }
  /// The derivative of each mean by its input.
  template <class Scalar>
  void derivative(const Scalar* input, Scalar* to) const {
    for (Index i = 0; i < size; ++i) {
      const Scalar a = input[i], s = deviation(a);
      to[i] = detail::math::normal_distribution(a / s) + detail::math::normal_density(a / s) * s * (1 - s * s) / 2;
    }
  }
  /// Draws states; `state` may be `input`.
  template <class Scalar>
  void draw(const Scalar* input, const Scalar*, Scalar* state, Random random) const {
    for (Index i = 0; i < size; ++i) {
      const auto value = input[i] + deviation(input[i]) * static_cast<Scalar>(random.normal());
      state[i] = value > 0 ? value : Scalar(0);
    }
  }
  ///@}

 private:
  /// The standard deviation at an input; for inputs that are lower than any in practice, a small positive one.
  template <class Scalar>
  static Scalar deviation(Scalar input) {
    return std::sqrt(detail::math::sigmoid((std::max)(input, Scalar(-60))));
  }
};

}  // namespace eigencoder
