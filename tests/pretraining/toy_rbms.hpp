#pragma once

#include <cmath>
#include <eigencoder/pretraining.hpp>
#include <vector>

// Machines that are small enough to enumerate, and what enumeration says of them. The energies are written down here
// again, from the docstring of `Rbm`.
namespace toy_rbms {

using namespace eigencoder;
using Matrix = MatrixX<double>;
using Vector = VectorX<double>;
using Double = Precision<double>;

template <class Visible, class Hidden, class... Policies>
using DoubleRbm = Rbm<Visible, Hidden, Double, Policies...>;

/// Gives all parameters values of about `scale`.
template <class Machine>
Machine randomized(Machine machine, std::uint64_t seed, double scale = 0.5) {
  Random random(seed, Purpose::user);
  for (const ParameterBlock& block : machine.layout().blocks())
    for (Index i = 0; i < block.size(); ++i)
      machine.parameters()[static_cast<std::size_t>(block.offset + i)] = scale * random.normal();
  return machine;
}

/// All bits of a machine.
template <class Machine>
std::vector<typename Machine::Scalar> learned_values(const Machine& machine) {
  std::vector<typename Machine::Scalar> all(machine.parameters().begin(), machine.parameters().end());
  all.insert(all.end(), machine.statistics().begin(), machine.statistics().end());
  return all;
}

/// All states of `size` binary units, one a column.
inline Matrix binary_states(Index size) {
  Matrix states(size, Index{1} << size);
  for (Index j = 0; j < states.cols(); ++j)
    for (Index i = 0; i < size; ++i) states(i, j) = static_cast<double>(j >> i & 1);
  return states;
}

/// The variance of each visible unit.
template <class Machine>
Vector variances(const Machine& machine) {
  if (machine.log_variance().size() == 0) return Vector::Ones(machine.visible_size());
  return machine.log_variance().array().exp();
}

/// E(v, h) of a machine of Bernoulli units, or of Gaussian visible and Bernoulli hidden ones.
template <class Machine>
double energy(const Machine& machine, const Vector& v, const Vector& h) {
  const Vector s2 = variances(machine);
  double e = -h.dot(machine.weights() * v.cwiseQuotient(s2)) - machine.hidden_bias().dot(h);
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(machine.visible())>, GaussianUnits>)
    e += ((v - machine.visible_bias()).array().square() / s2.array()).sum() / 2;
  else
    e -= machine.visible_bias().dot(v);
  return e;
}

/// The probability of each visible state of a machine of Bernoulli units.
template <class Machine>
Vector visible_probabilities(const Machine& machine) {
  const Matrix v = binary_states(machine.visible_size()), h = binary_states(machine.hidden_size());
  Vector p = Vector::Zero(v.cols());
  for (Index j = 0; j < v.cols(); ++j)
    for (Index k = 0; k < h.cols(); ++k) p[j] += std::exp(-energy(machine, v.col(j), h.col(k)));
  return p / p.sum();
}

/// The probabilities of a Gibbs step of such a machine, from the state of the column to that of the row.
template <class Machine>
Matrix gibbs_transitions(const Machine& machine) {
  const Matrix v = binary_states(machine.visible_size()), h = binary_states(machine.hidden_size());
  Matrix joint(v.cols(), h.cols());
  for (Index j = 0; j < v.cols(); ++j)
    for (Index k = 0; k < h.cols(); ++k) joint(j, k) = std::exp(-energy(machine, v.col(j), h.col(k)));
  const Matrix v_given_h = joint.array().rowwise() / joint.colwise().sum().array();
  const Matrix h_given_v = joint.array().colwise() / joint.rowwise().sum().array();
  return v_given_h * h_given_v.transpose();
}

/// The gradient of -log p(v) without its term of the partition function, d F(v) / d parameters, from the means of the
/// hidden units, laid out as the parameters.
template <class Machine>
Vector free_energy_gradient(const Machine& machine, const Vector& v) {
  const Vector s2 = variances(machine), u = v.cwiseQuotient(s2), h = machine.encode(v);
  Vector gradient = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  constexpr bool gaussian = std::is_same_v<std::remove_cvref_t<decltype(machine.visible())>, GaussianUnits>;
  const auto& blocks = machine.layout().blocks();
  const Matrix outer = -(u * h.transpose());  // column-major: the weight is row-major
  gradient.segment(blocks[0].offset, outer.size()) = outer.reshaped();
  constexpr bool linear = std::is_same_v<std::remove_cvref_t<decltype(machine.hidden())>, GaussianUnits>;
  gradient.segment(blocks[1].offset, h.size()) = linear ? Vector(machine.hidden_bias() - h) : -h;
  gradient.segment(blocks[2].offset, v.size()) = gaussian ? Vector((machine.visible_bias() - v).cwiseQuotient(s2)) : -v;
  if (machine.log_variance().size() > 0) {
    const Vector error = v - machine.visible_bias(), back = machine.weights().transpose() * h;
    gradient.segment(blocks[3].offset, v.size()) =
        u.cwiseProduct(back) - error.cwiseProduct(error).cwiseQuotient(s2) / 2;
  }
  return gradient;
}

/// ||a - b|| / max(||a||, ||b||).
inline double relative_error(const Vector& a, const Vector& b) {
  return (a - b).norm() / (std::max)((std::max)(a.norm(), b.norm()), 1e-300);
}

/// The central differences of a function of the machine by its parameters.
template <class Machine, class Function>
Vector central_differences(Machine machine, const Function& function) {
  Vector gradient = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  for (const ParameterBlock& block : machine.layout().blocks())
    for (Index i = block.offset; i < block.offset + block.size(); ++i) {
      constexpr double h = 1e-5;
      double& p = machine.parameters()[static_cast<std::size_t>(i)];
      const double middle = p;
      p = middle + h;
      const double above = function(machine);
      p = middle - h;
      gradient[i] = (above - function(machine)) / (2 * h);
      p = middle;
    }
  return gradient;
}

/// Samples that visible units of this kind take.
template <class Visible>
Matrix samples_for(const Visible& units, Index count, std::uint64_t seed) {
  Random random(seed, Purpose::user, 1);
  Matrix samples(units.size, count);
  for (Index j = 0; j < count; ++j)
    for (Index i = 0; i < units.size; ++i)
      samples(i, j) = Visible::in_unit_interval ? static_cast<double>(random.bernoulli(0.4)) : random.normal();
  return samples;
}

/// Calls `visit` with a machine of each pair of units, with these policies beside `Precision<double>`.
template <class Visit, class... Policies>
void each_rbm(const Visit& visit, const Policies&... policies) {
  const auto with = [&](const auto& visible, const auto& hidden, double scale, std::uint64_t seed) {
    visit(randomized(Rbm{visible, hidden, Double{}, policies...}, seed, scale));
  };
  with(BernoulliUnits{5}, BernoulliUnits{3}, 0.8, 1);
  with(BernoulliUnits{4}, GaussianUnits{2}, 0.4, 2);
  with(BernoulliUnits{4}, RectifiedUnits{3}, 0.3, 3);
  with(GaussianUnits{4}, BernoulliUnits{3}, 0.6, 4);
  with(GaussianUnits{4, true}, BernoulliUnits{3}, 0.5, 5);
  with(GaussianUnits{3}, GaussianUnits{2}, 0.2, 6);
  with(GaussianUnits{4, true}, RectifiedUnits{2}, 0.2, 7);
}

}  // namespace toy_rbms
