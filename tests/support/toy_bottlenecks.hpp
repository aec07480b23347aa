#pragma once

// For tests of bottlenecks: models small enough to compute by hand.
#include <cmath>
#include <eigencoder/eigencoder.hpp>
#include <mutex>
#include <vector>

#include "laws/samples.hpp"

namespace toy {

using namespace eigencoder;

/// While it lives the library uses one thread, so that outputs are recorded in the order of the samples.
struct OneThread {
  OneThread() { set_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { set_threads(0); }
};

/// A squared error, or a Gaussian, that records every output it gets.
template <class Base>
struct Recording : Base {
  static inline std::vector<double> outputs;
  static inline std::mutex writing;

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                            double scale) const {
    const std::lock_guard lock(writing);
    for (Index i = 0; i < size; ++i) outputs.push_back(static_cast<double>(output[i]));
    return Base::value_and_gradient(output, target, delta, size, channels, scale);
  }
};

/// A model with a code of two values, which the decoder returns unchanged.
template <class P, class Loss = Recording<Gaussian>>
using Plain = Autoencoder<Encoder<Input<2>, Dense<2>>, Decoder<Dense<2>>, Loss, P, Precision<double>>;

/// Inputs of `Plain`: two values in (-2, 2).
inline MatrixX<double> pairs_of_values(Index count) {
  return (4 * laws::samples(2, count, false, 8).array() - 2).matrix();
}

/// The blocks of `Plain`: those of the encoder, the decoder and the log variance.
enum Block : Index {
  mean_weight,
  mean_bias,
  decoder_weight,
  decoder_bias,
  log_variance_weight,
  log_variance_bias
};

template <class Model>
void set(Model& model, Index block, const std::vector<double>& values) {
  const auto& at = model.layout().block(block);
  for (std::size_t i = 0; i < values.size(); ++i)
    model.parameters()[static_cast<std::size_t>(at.offset) + i] = values[i];
}

/// q(z | x) = N(slope x + shift, exp(log variance)) for every sample.
template <class P>
Plain<P> plain(const P& policy, double slope, std::vector<double> shift, std::vector<double> log_variance) {
  Plain<P> model{policy};
  set(model, mean_weight, {slope, 0, 0, slope});
  set(model, mean_bias, shift);
  set(model, decoder_weight, {1, 0, 0, 1});
  set(model, decoder_bias, {0, 0});
  set(model, log_variance_weight, {0, 0, 0, 0});
  set(model, log_variance_bias, log_variance);
  return model;
}

template <class Model>
double objective(const Model& model, const MatrixX<double>& x, std::uint64_t step, std::uint64_t seed = 1) {
  Buffer<double> gradient(static_cast<Index>(model.parameters().size()));
  return model.gradient(x, x, gradient.span(), seed, step);
}

/// KL(N(m, exp l) || N(0, 1)).
inline double divergence(double m, double l) { return (std::exp(l) + m * m - 1 - l) / 2; }

/// The mean of some independent values and its standard error.
struct Estimate {
  double mean = 0, error = 0;

  explicit Estimate(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    for (const double value : values) mean += value / n;
    for (const double value : values) error += (value - mean) * (value - mean);
    error = std::sqrt(error / (n - 1) / n);
  }
};

template <class Model>
Estimate estimate(const Model& model, const MatrixX<double>& x, std::uint64_t steps) {
  std::vector<double> values;
  for (std::uint64_t step = 0; step < steps; ++step) values.push_back(objective(model, x, step));
  return Estimate(values);
}

}  // namespace toy
