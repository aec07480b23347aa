#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/pretraining/rbm.hpp>
#include <vector>

// Small machines with random parameters, and all states of their units.
namespace random_rbm {

using namespace eigencoder;

using Binary = Rbm<BernoulliUnits, BernoulliUnits, Precision<double>>;
using RealVisible = Rbm<GaussianUnits, BernoulliUnits, Precision<double>>;
using RealHidden = Rbm<BernoulliUnits, GaussianUnits, Precision<double>>;

// Weights large enough that the modes of the distribution are apart, biases that matter.
template <class Machine>
Machine randomized(Machine machine, double strength, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  for (auto& value : machine.parameters()) value = static_cast<typename Machine::Scalar>(0.7 * random.normal());
  machine.weights() *= static_cast<typename Machine::Scalar>(strength / 0.7);
  return machine;
}
inline Binary binary(Index visible, Index hidden, double strength, std::uint64_t seed) {
  return randomized(Binary{BernoulliUnits{visible}, BernoulliUnits{hidden}}, strength, seed);
}
inline RealVisible real_visible(Index visible, Index hidden, double strength, std::uint64_t seed) {
  return randomized(RealVisible{GaussianUnits{visible}, BernoulliUnits{hidden}}, strength, seed);
}
// With a learned variance of each visible unit.
inline RealVisible scaled(Index visible, Index hidden, double strength, std::uint64_t seed) {
  return randomized(RealVisible{GaussianUnits{visible, true}, BernoulliUnits{hidden}}, strength, seed);
}
inline RealHidden real_hidden(Index visible, Index hidden, double strength, std::uint64_t seed) {
  return randomized(RealHidden{BernoulliUnits{visible}, GaussianUnits{hidden}}, strength, seed);
}

// All states of n Bernoulli units, one a column.
inline MatrixX<double> all_states(Index n) {
  MatrixX<double> states(n, Index{1} << n);
  for (Index j = 0; j < states.cols(); ++j)
    for (Index i = 0; i < n; ++i) states(i, j) = static_cast<double>(j >> i & 1);
  return states;
}

// The sum of the exponential functions of these.
inline double sum_of_exponentials(const std::vector<double>& logs) {
  double sum = 0;
  for (const double log : logs) sum += std::exp(log);
  return sum;
}

}  // namespace random_rbm
