// The gradient that a step of training estimates: for given chains it is exact, over many draws of the chains it is
// that of the enumerated chain.
#include "support/catch.hpp"

#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/kl_sparsity.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>

#include "pretraining/toy_rbms.hpp"

namespace rbm_gradient_test {
using namespace toy_rbms;

template <class Machine>
Vector gradient_of(const Machine& machine, const Matrix& samples, std::uint64_t seed = 0, std::uint64_t step = 0) {
  Vector gradient = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  machine.gradient(samples, {gradient.data(), static_cast<std::size_t>(gradient.size())}, seed, step);
  for (const ParameterBlock& block : machine.layout().blocks())  // no bits in the padding
    for (Index i = block.offset + block.size(); i % 8 != 0; ++i) REQUIRE(gradient[i] == 0);
  return gradient;
}

/// The persistent chains after one step of training that changes no parameter.
template <class Machine>
Matrix chains_after_step(Machine machine, const Matrix& samples, std::uint64_t seed) {
  const std::vector<double> before(machine.parameters().begin(), machine.parameters().end());
  machine.fit(samples, Sgd{.learning_rate = 1e-300},
              {.epochs = 1, .batch_size = samples.cols(), .seed = seed, .shuffle = false});
  REQUIRE(std::equal(before.begin(), before.end(), machine.parameters().begin()));
  return Eigen::Map<const Matrix>(machine.statistics().data(), machine.visible_size(), 6);
}

/// The gradient of the mean free energy of the data less that of the chains.
template <class Machine>
Vector expected_gradient(const Machine& machine, const Matrix& data, const Matrix& chains) {
  Vector expected = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  for (Index j = 0; j < data.cols(); ++j)
    expected += free_energy_gradient(machine, data.col(j)) / static_cast<double>(data.cols());
  for (Index j = 0; j < chains.cols(); ++j)
    expected -= free_energy_gradient(machine, chains.col(j)) / static_cast<double>(chains.cols());
  return expected;
}

TEST_CASE("the gradient is that of the data's free energy less the chains', of all units") {
  each_rbm(
      [](const auto& machine) {
        const Matrix samples = samples_for(machine.visible(), 9, 3);
        const Matrix chains = chains_after_step(machine, samples, 5);
        CHECK(relative_error(gradient_of(machine, samples, 5), expected_gradient(machine, samples, chains)) < 1e-13);
      },
      PersistentContrastiveDivergence{.steps = 3, .chains = 6});
}

/// Checks the mean of the gradient over many draws of the chains, within its standard error.
template <class Machine>
void check_mean_gradient(const Machine& machine, const Matrix& samples, const Vector& expected) {
  constexpr int draws = 4000;
  Vector sum = Vector::Zero(expected.size()), squares = sum;
  for (std::uint64_t k = 0; k < draws; ++k) {
    const Vector gradient = gradient_of(machine, samples, 1, k);
    sum += gradient;
    squares += (gradient - expected).cwiseAbs2();
  }
  for (Index i = 0; i < sum.size(); ++i)
    CHECK(std::abs(sum[i] / draws - expected[i]) <= 4.5 * std::sqrt(squares[i]) / draws + 1e-9);
  CHECK(squares.maxCoeff() > 1e-3 * draws);  // not all draws were alike
}

/// The gradient of CD-k is the mean of d F(v) - d F(v'), where v' is the state after k steps.
TEST_CASE("the mean of contrastive divergence over many draws is that of the enumerated chain") {
  for (const Index steps : {1, 3}) {
    const auto machine =
        randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.steps = steps}}, 3, 0.9);
    const Matrix samples = samples_for(machine.visible(), 3, 8), states = binary_states(4);
    Matrix chain = Matrix::Identity(16, 16);
    for (Index k = 0; k < steps; ++k) chain = gibbs_transitions(machine) * chain;
    Vector expected = Vector::Zero(static_cast<Index>(machine.parameters().size()));
    for (Index j = 0; j < samples.cols(); ++j) {
      expected += free_energy_gradient(machine, samples.col(j)) / 3;
      Index state = 0;
      while (states.col(state) != samples.col(j)) ++state;
      for (Index i = 0; i < 16; ++i) expected -= chain(i, state) / 3 * free_energy_gradient(machine, states.col(i));
    }
    check_mean_gradient(machine, samples, expected);
  }
}

TEST_CASE("without draws of the visible units the chain goes on from their means") {
  const auto machine = randomized(
      Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.draw_visible = false}}, 3, 0.9);
  const Matrix samples = samples_for(machine.visible(), 3, 8), h = binary_states(3);
  Vector expected = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  for (Index j = 0; j < samples.cols(); ++j) {
    expected += free_energy_gradient(machine, samples.col(j)) / 3;
    const Vector p = machine.encode(samples.col(j));
    for (Index k = 0; k < h.cols(); ++k) {
      const auto on = h.col(k).array();
      const double probability = (on * p.array() + (1 - on) * (1 - p.array())).prod();
      expected -= probability / 3 * free_energy_gradient(machine, machine.decode(h.col(k)));
    }
  }
  check_mean_gradient(machine, samples, expected);
}

TEST_CASE("long chains give the gradient of the likelihood") {
  const auto machine = randomized(
      Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.steps = 60}}, 4, 0.7);
  const Matrix samples = samples_for(machine.visible(), 2, 8), states = binary_states(4);
  const auto loss = [&](const auto& at) {
    double z = 0, sum = 0;
    for (const double f : at.free_energy(states)) z += std::exp(-f);
    for (const double f : at.free_energy(samples)) sum += f;
    return sum / 2 + std::log(z);
  };
  check_mean_gradient(machine, samples, central_differences(machine, loss));
}

/// The gradient of the centered machine E = -(h - l)' W (u - m) - b' v - c' h, brought back to the plain parameters.
/// The plain gradient centered by the means m of the visible values over their variances and l of the hidden units.
template <class Machine>
Vector centered(const Machine& machine, Vector plain, const Vector& m, const Vector& l) {
  const Index v = machine.visible_size(), h = machine.hidden_size();
  const auto& blocks = machine.layout().blocks();
  Eigen::Map<Matrix> weight(plain.data() + blocks[0].offset, v, h);  // its transpose
  Eigen::Map<Vector> c(plain.data() + blocks[1].offset, h), b(plain.data() + blocks[2].offset, v);
  weight -= m * c.transpose() + b * l.transpose();
  c -= weight.transpose() * m;
  b -= weight * l;
  return plain;
}

TEST_CASE("the centered gradient is that of the centered machine") {
  each_rbm(
      [](const auto& machine) {
        const Matrix samples = samples_for(machine.visible(), 9, 3);
        const Vector m = samples.rowwise().mean().cwiseQuotient(variances(machine));  // of the first step
        const Vector l = machine.encode(samples).rowwise().mean();
        const Vector plain = expected_gradient(machine, samples, chains_after_step(machine, samples, 5));
        CHECK(relative_error(gradient_of(machine, samples, 5), centered(machine, plain, m, l)) < 1e-12);
      },
      PersistentContrastiveDivergence{.steps = 3, .chains = 6, .centered = true});
}

TEST_CASE("a penalty on the hidden means adds its gradient") {
  const auto check = [](const auto& machine, const auto& without, const auto& penalty) {
    const Matrix samples = samples_for(machine.visible(), 9, 3);
    const auto value = [&](const auto& at) {
      const Matrix codes = at.encode(samples);
      Matrix ignored = Matrix::Zero(codes.rows(), codes.cols());
      return penalty.penalize(codes.data(), ignored.data(), codes.rows(), codes.cols());
    };
    const Vector added = gradient_of(machine, samples, 5) - gradient_of(without, samples, 5);
    CHECK(relative_error(added, central_differences(machine, value)) < 1e-7);
  };
  const KlSparsity target{.target = 0.1, .weight = 2};
  const L1 l1{.weight = 0.3};
  for (const Index size : {5, 6}) {
    check(randomized(Rbm{BernoulliUnits{size}, BernoulliUnits{3}, Double{}, Sparse{target}}, 1),
          randomized(Rbm{BernoulliUnits{size}, BernoulliUnits{3}, Double{}}, 1), target);
    check(randomized(Rbm{GaussianUnits{size, true}, BernoulliUnits{3}, Double{}, Sparse{target}}, 2),
          randomized(Rbm{GaussianUnits{size, true}, BernoulliUnits{3}, Double{}}, 2), target);
    check(randomized(Rbm{BernoulliUnits{size}, RectifiedUnits{3}, Double{}, Sparse{l1}}, 3, 0.4),
          randomized(Rbm{BernoulliUnits{size}, RectifiedUnits{3}, Double{}}, 3, 0.4), l1);
  }
}

TEST_CASE("weight decay adds to the gradient of the weights alone, and to the loss") {
  const auto plain = randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}}, 1);
  const auto decayed = randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}, WeightDecay<>{0.2}}, 1);
  const Matrix samples = samples_for(plain.visible(), 9, 3);
  Vector added = gradient_of(decayed, samples) - gradient_of(plain, samples);
  for (Index i = 0; i < 15; ++i) CHECK(added[i] == Approx(0.2 * plain.parameters()[static_cast<std::size_t>(i)]));
  CHECK(added.tail(added.size() - 16).norm() == 0);
  Vector ignored(added.size());
  const std::span<double> to(ignored.data(), static_cast<std::size_t>(ignored.size()));
  CHECK(decayed.gradient(samples, to) - plain.gradient(samples, to) == Approx(0.1 * plain.weights().squaredNorm()));
}

/// The parameters and the statistics after one step on all samples.
Vector step_with_weights(auto machine, const Matrix& samples, std::vector<double> weights) {
  FitOptions<double> options{.epochs = 1, .batch_size = samples.cols(), .seed = 5, .shuffle = false};
  options.sample_weights = std::move(weights);
  machine.fit(samples, Sgd{.learning_rate = 0.1}, options);
  std::vector<double> all(machine.parameters().begin(), machine.parameters().end());
  all.insert(all.end(), machine.statistics().begin(), machine.statistics().end());
  return Eigen::Map<const Vector>(all.data(), static_cast<Index>(all.size()));
}

TEST_CASE("a sample of weight 2 counts as two, and one of weight 0 not at all") {
  for (const bool with_means : {false, true}) {
    const auto persistent = randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{},
                                           PersistentContrastiveDivergence{.chains = 6, .centered = with_means}}, 2);
    const auto divergence = randomized(
        Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.centered = with_means}}, 2);
    const Matrix samples = samples_for(persistent.visible(), 4, 3);
    Matrix twice(4, 4), other = samples;
    twice << samples.col(0), samples.col(0), samples.col(1), samples.col(2);
    other.col(3).array() = 1 - other.col(3).array();
    CHECK(relative_error(step_with_weights(persistent, samples, {2, 1, 1, 0}),
                         step_with_weights(persistent, twice, {1, 1, 1, 1})) < 1e-14);
    CHECK(step_with_weights(persistent, samples, {2, 1, 1, 0}) == step_with_weights(persistent, other, {2, 1, 1, 0}));
    CHECK(step_with_weights(divergence, samples, {2, 1, 1, 0}) == step_with_weights(divergence, other, {2, 1, 1, 0}));
  }
  // Contrastive divergence draws for each sample by itself, so that its gradient is linear in the weights.
  const auto machine = randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}}, 2);
  const Matrix samples = samples_for(machine.visible(), 4, 3);
  const auto step = [&](const std::vector<double>& weights) { return step_with_weights(machine, samples, weights); };
  const Vector start = Eigen::Map<const Vector>(machine.parameters().data(), step({1, 1, 1, 1}).size());
  CHECK((step({2, 1, 1, 0}) - step({1, 1, 1, 0}) - step({1, 0, 0, 0}) + start).norm() < 1e-14);
}

TEST_CASE("a batch without weight leaves the means of centered units as they were") {
  const auto train = [](const Matrix& samples, const std::vector<double>& weights) {
    auto machine = randomized(
        Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.centered = true}}, 2);
    FitOptions<double> options{.epochs = 1, .batch_size = 4, .shuffle = false};
    options.sample_weights = weights;
    machine.fit(samples, Sgd{.learning_rate = 0.1}, options);
    return std::vector<double>(machine.statistics().begin(), machine.statistics().end());
  };
  const Matrix samples = samples_for(BernoulliUnits{4}, 8, 3);
  CHECK(train(samples, {1, 1, 1, 1, 0, 0, 0, 0}) == train(samples.leftCols(4), {1, 1, 1, 1}));
}

/// Without weights the means of a chain are the visible biases, and the expected square error is the variance.
TEST_CASE("chains of means bring the variances of the units that are not drawn") {
  auto machine = randomized(Rbm{GaussianUnits{3, true}, BernoulliUnits{2}, Double{},
                                ContrastiveDivergence{.draw_visible = false}}, 4);
  machine.weights().setZero();
  const Matrix samples = samples_for(machine.visible(), 9, 3);
  const Vector square = (samples.colwise() - machine.visible_bias()).rowwise().squaredNorm() / 9;
  const Vector expected = (1 - square.cwiseQuotient(variances(machine)).array()) / 2;
  const Vector found = gradient_of(machine, samples).segment(machine.layout().blocks()[3].offset, 3);
  CHECK(relative_error(found, expected) < 1e-13);
}

TEST_CASE("the gradient is centered by the means of all batches so far") {
  Rbm plain{BernoulliUnits{4}, BernoulliUnits{3}, Double{}};
  auto machine = randomized(
      Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}, ContrastiveDivergence{.centered = true}}, 2);
  std::copy(machine.parameters().begin(), machine.parameters().end(), plain.parameters().begin());
  const Matrix first = samples_for(machine.visible(), 5, 3), second = samples_for(machine.visible(), 5, 4),
               last = samples_for(machine.visible(), 5, 8);
  for (const Matrix& batch : {first, second})
    machine.fit(batch, Sgd{.learning_rate = 1e-300}, {.epochs = 1, .batch_size = 5});
  Matrix all(4, 15);
  all << first, second, last;
  const Vector m = all.rowwise().mean(), l = machine.encode(all).rowwise().mean();
  CHECK(relative_error(gradient_of(machine, last, 5), centered(machine, gradient_of(plain, last, 5), m, l)) < 1e-12);
}

TEST_CASE("the reported loss is the error of reconstructions") {
  const auto check = [](const auto& machine, const auto& loss) {
    const Matrix samples = samples_for(machine.visible(), 9, 3);
    Matrix inputs = machine.weights().transpose() * machine.encode(samples);
    inputs.colwise() += machine.visible_bias();
    double sum = 0;
    for (Index j = 0; j < 9; ++j)
      sum += loss.value_and_gradient(inputs.col(j).data(), samples.col(j).data(), static_cast<double*>(nullptr),
                                     inputs.rows(), Index{1}, 1.0);
    Vector ignored(static_cast<Index>(machine.parameters().size()));
    const std::span<double> to(ignored.data(), static_cast<std::size_t>(ignored.size()));
    CHECK(machine.gradient(samples, to) == Approx(sum / 9).epsilon(1e-12));
    auto trained = machine;
    FitOptions<double> options{.epochs = 1, .batch_size = 9};
    options.validation = samples;
    const double lr = 1e-300;
    CHECK(trained.fit(samples, Sgd{.learning_rate = lr}, options).epochs[0].validation_loss ==
          Approx(sum / 9).epsilon(1e-12));
  };
  const PersistentContrastiveDivergence chains{.chains = 3};
  check(randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}, chains}, 1), Bernoulli{});
  check(randomized(Rbm{GaussianUnits{5, true}, BernoulliUnits{3}, Double{}, chains}, 2), SquaredError{});
}

TEST_CASE("contrastive divergence reports the error of reconstructions from drawn hidden units") {
  const auto machine = randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}}, 3, 0.9);
  const Vector v = samples_for(machine.visible(), 1, 8), p = machine.encode(v);
  const Matrix h = binary_states(3);
  double mean = 0, square = 0;
  for (Index k = 0; k < h.cols(); ++k) {
    const auto on = h.col(k).array();
    const double probability = (on * p.array() + (1 - on) * (1 - p.array())).prod();
    const Vector q = machine.decode(h.col(k));
    const double error = -(v.array() * q.array().log() + (1 - v.array()) * (1 - q.array()).log()).sum();
    mean += probability * error;
    square += probability * error * error;
  }
  constexpr int draws = 4000;
  std::vector<double> ignored(machine.parameters().size());
  double sum = 0;
  for (std::uint64_t step = 0; step < draws; ++step) sum += machine.gradient(v, ignored, 1, step);
  CHECK(std::abs(sum / draws - mean) < 4.5 * std::sqrt((square - mean * mean) / draws));
}

}  // namespace rbm_gradient_test
