#include <eigencoder/pretraining/log_partition.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <eigencoder/extend/threads.hpp>
#include "pretraining/random_rbm.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace log_partition_test {
namespace {

using namespace random_rbm;

// The midpoints of a grid over n Gaussian units, far beyond where their density matters.
MatrixX<double> grid(Index n, Index steps, double reach) {
  Index count = 1;
  for (Index i = 0; i < n; ++i) count *= steps;
  MatrixX<double> points(n, count);
  for (Index j = 0; j < count; ++j)
    for (Index i = 0, rest = j; i < n; ++i, rest /= steps)
      points(i, j) = reach * (2 * (static_cast<double>(rest % steps) + 0.5) / static_cast<double>(steps) - 1);
  return points;
}

double own_energy(const BernoulliUnits&, const VectorX<double>& x, const VectorX<double>& bias,
                  const VectorX<double>&) {
  return -bias.dot(x);
}
double own_energy(const GaussianUnits&, const VectorX<double>& x, const VectorX<double>& bias,
                  const VectorX<double>& precision) {
  return (x - bias).cwiseAbs2().dot(precision) / 2;
}

// The definition: the sum of exp(-E) over the pairs of these states, each of which stands for `volume`.
template <class Machine>
double partition(const Machine& m, const MatrixX<double>& visible, const MatrixX<double>& hidden, double volume) {
  VectorX<double> precision = VectorX<double>::Ones(m.visible_size());
  if (m.log_variance().size() > 0) precision = (-m.log_variance()).array().exp();
  const VectorX<double> ones = VectorX<double>::Ones(m.hidden_size());
  double sum = 0;
  for (Index i = 0; i < visible.cols(); ++i)
    for (Index j = 0; j < hidden.cols(); ++j) {
      const VectorX<double> v = visible.col(i), h = hidden.col(j);
      sum += std::exp(h.dot(m.weights() * v.cwiseProduct(precision)) -
                      own_energy(m.visible(), v, m.visible_bias(), precision) -
                      own_energy(m.hidden(), h, m.hidden_bias(), ones));
    }
  return sum * volume;
}

}  // namespace

TEST_CASE("the exact partition function is the sum over all states") {
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const Index visible : {1, 3, 5})
      for (const Index hidden : {1, 2, 4}) {
        const Binary m = binary(visible, hidden, 1.5, seed);
        CHECK(exact_log_partition(m).value ==
              Approx(std::log(partition(m, all_states(visible), all_states(hidden), 1))).epsilon(1e-12));
      }
    const double step = 24.0 / 300;
    const RealVisible one = real_visible(1, 4, 1, seed);
    CHECK(exact_log_partition(one).value ==
          Approx(std::log(partition(one, grid(1, 300, 12), all_states(4), step))).epsilon(1e-9));
    const RealVisible two = real_visible(2, 2, 1, seed);
    CHECK(exact_log_partition(two).value ==
          Approx(std::log(partition(two, grid(2, 150, 12), all_states(2), 4 * step * step))).epsilon(1e-9));
    const RealVisible learned = scaled(1, 3, 1, seed);
    CHECK(exact_log_partition(learned).value ==
          Approx(std::log(partition(learned, grid(1, 4000, 40), all_states(3), 80.0 / 4000))).epsilon(1e-9));
    const RealHidden code = real_hidden(4, 1, 1, seed);
    CHECK(exact_log_partition(code).value ==
          Approx(std::log(partition(code, all_states(4), grid(1, 800, 32), step))).epsilon(1e-9));
  }
}

TEST_CASE("states of more units than a block holds are listed once") {
  // Either side of a machine of 13 by 12 can be listed: the smaller one is, so both are of one machine and its mirror.
  const Binary m = binary(13, 12, 0.8, 3);
  Binary mirror{BernoulliUnits{12}, BernoulliUnits{13}};
  mirror.weights() = m.weights().transpose();
  mirror.visible_bias() = m.hidden_bias();
  mirror.hidden_bias() = m.visible_bias();
  CHECK(exact_log_partition(m).value == Approx(exact_log_partition(mirror).value).epsilon(1e-13));
  const auto logs = log_likelihood(m, all_states(13), exact_log_partition(m));
  CHECK(sum_of_exponentials(logs) == Approx(1).epsilon(1e-11));
}

TEST_CASE("likelihoods sum to one") {
  const Binary m = binary(8, 5, 1.5, 4);
  CHECK(sum_of_exponentials(log_likelihood(m, all_states(8), exact_log_partition(m))) == Approx(1).epsilon(1e-12));
  const RealHidden code = real_hidden(6, 3, 0.8, 4);
  CHECK(sum_of_exponentials(log_likelihood(code, all_states(6), exact_log_partition(code))) ==
        Approx(1).epsilon(1e-12));
  const RealVisible real = real_visible(2, 3, 1.2, 4);
  const double step = 24.0 / 200;
  CHECK(sum_of_exponentials(log_likelihood(real, grid(2, 200, 12), exact_log_partition(real))) * step * step ==
        Approx(1).epsilon(1e-9));
  const RealVisible learned = scaled(1, 3, 1, 5);
  CHECK(sum_of_exponentials(log_likelihood(learned, grid(1, 4000, 40), exact_log_partition(learned))) * 80 / 4000 ==
        Approx(1).epsilon(1e-9));
}

TEST_CASE("a likelihood is the free energy less the partition function") {
  const auto agrees = [](const auto& machine, const MatrixX<double>& samples) {
    const LogPartition partition{.value = 3};
    const auto energies = machine.free_energy(samples), logs = log_likelihood(machine, samples, partition);
    for (std::size_t j = 0; j < logs.size(); ++j) CHECK(logs[j] == Approx(-energies[j] - 3).epsilon(1e-12));
  };
  agrees(binary(5, 40, 1, 1), all_states(5));
  agrees(real_hidden(5, 4, 1, 1), all_states(5));
  agrees(real_visible(2, 40, 1, 1), grid(2, 5, 2));
  agrees(scaled(2, 40, 1, 1), grid(2, 5, 2));
}

TEST_CASE("estimates have the same bits for any number of threads") {
  const Binary m = binary(40, 25, 0.5, 12);
  MatrixX<double> samples(40, 70);
  for (Index i = 0; i < samples.size(); ++i) samples.data()[i] = i * 7 % 3 == 0 ? 1 : 0;
  const auto estimates = [&](int team) {
    set_threads(team);
    std::vector<double> found = reverse_log_likelihood(m, samples, {.temperatures = 20, .chains = 3, .seed = 2});
    const LogPartition forward = log_partition(m, {.temperatures = 20, .chains = 100, .seed = 2});
    const LogPartition reverse = reverse_log_partition(m, samples, {.temperatures = 20, .chains = 2, .seed = 2});
    for (const LogPartition& partition : {forward, reverse, exact_log_partition(binary(14, 30, 1, 1))})
      found.insert(found.end(), {partition.value, partition.standard_error, partition.lower, partition.upper});
    for (const double log : log_likelihood(m, samples, forward)) found.push_back(log);
    set_threads(0);
    return found;
  };
  const auto alone = estimates(1);
  for (const int team : {2, 3, 8}) CHECK(estimates(team) == alone);
  CHECK(log_partition(m, {.temperatures = 20, .seed = 3}).value != log_partition(m, {.temperatures = 20}).value);
}

TEST_CASE("single precision estimates what double precision does") {
  const Rbm m = randomized(Rbm{BernoulliUnits{40}, BernoulliUnits{16}}, 0.7, 13);
  Binary same{BernoulliUnits{40}, BernoulliUnits{16}};
  same.weights() = m.weights().cast<double>();
  same.visible_bias() = m.visible_bias().cast<double>();
  same.hidden_bias() = m.hidden_bias().cast<double>();
  CHECK(exact_log_partition(m).value == Approx(exact_log_partition(same).value).epsilon(1e-12));
  const LogPartition found = log_partition(m, {.temperatures = 500, .chains = 200, .seed = 1});
  CHECK((std::abs)(found.value - exact_log_partition(m).value) < 4 * found.standard_error);
  const MatrixX<float> samples = MatrixX<float>::Ones(40, 3);
  const MatrixX<double> ones = MatrixX<double>::Ones(40, 3);
  CHECK(log_likelihood(m, samples, found)[0] == Approx(log_likelihood(same, ones, found)[0]).epsilon(1e-5));
}

TEST_CASE("options, parameters and samples that cannot be used are refused") {
  const Binary m = binary(22, 21, 0.1, 14);
  const MatrixX<double> samples = MatrixX<double>::Ones(22, 3);
  const auto annealed = [&](const AnnealingOptions& options) {
    return thrown<OptionError>([&] { log_partition(m, options); });
  };
  CHECK(says(annealed({.temperatures = 0}), {"AnnealingOptions.temperatures", "at least 1"}));
  CHECK(says(annealed({.chains = 1}), {"AnnealingOptions.chains", "at least 2"}));
  for (const double mean : {-0.1, 1.1, std::nan("")})
    CHECK(says(annealed({.base_means = VectorX<double>::Constant(22, mean)}), {"base_means", "[0, 1]"}));
  CHECK(says(thrown<ShapeError>([&] { log_partition(m, {.base_means = VectorX<double>::Zero(21)}); }),
             {"21 base means", "22 visible units"}));
  CHECK(says(thrown<OptionError>([&] { exact_log_partition(m); }), {"22 visible", "21 hidden", "at most 20"}));
  CHECK(says(thrown<OptionError>([&] { exact_log_partition(real_visible(4, 21, 0.1, 1)); }), {"21 hidden"}));
  const VectorX<double> infinite = VectorX<double>::Constant(3, std::numeric_limits<double>::infinity());
  CHECK(says(thrown<OptionError>([&] { log_partition(real_visible(3, 2, 0.1, 1), {.base_means = infinite}); }),
             {"base_means", "finite"}));

  const LogPartition none;
  MatrixX<double> bad = samples;
  bad(4, 1) = 0.5;
  CHECK(says(thrown<DataError>([&] { log_likelihood(m, bad, none); }), {"value 4 of sample 1", "neither 0 nor 1"}));
  bad(4, 1) = std::nan("");
  CHECK(says(thrown<DataError>([&] { log_likelihood(m, bad, none); }), {"sample 1", "NaN", "value 4"}));
  CHECK(says(thrown<ShapeError>([&] { log_likelihood(m, bad.topRows(3).eval(), none); }), {"22 values a sample"}));
  CHECK(says(thrown<DataError>([&] { log_likelihood(m, MatrixX<double>(22, 0), none); }), {"no samples"}));
  CHECK(says(thrown<OptionError>([&] { reverse_log_likelihood(m, samples, {.chains = 0}); }),
             {"ReverseAnnealingOptions.chains"}));
  CHECK(says(thrown<DataError>([&] { reverse_log_partition(m, samples.leftCols(1).eval(), {.temperatures = 2}); }),
             {"one sample"}));

  for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK(says(thrown<OptionError>([&] { log_likelihood(m, samples, {.value = value}); }), {"LogPartition.value"}));
  // Finite parameters whose energy is beyond the scalar.
  Rbm tiny{GaussianUnits{2, true}, BernoulliUnits{2}};
  tiny.log_variance()[1] = -200;
  tiny.visible_bias().setConstant(1);
  CHECK(says(thrown<DataError>([&] { log_partition(tiny); }), {"log_partition", "not finite"}));
  Rbm wide{GaussianUnits{2, true}, BernoulliUnits{2}};
  wide.log_variance()[1] = 200;
  CHECK(says(thrown<DataError>([&] { log_partition(wide); }), {"log_partition", "not finite"}));
  const Rbm real{GaussianUnits{2}, BernoulliUnits{2}};
  CHECK(says(thrown<OptionError>([&] { log_partition(real, {.base_means = VectorX<double>::Constant(2, 1e300)}); }),
             {"base_means", "finite"}));

  Binary broken = m;
  broken.weights()(2, 3) = std::nan("");
  CHECK(says(thrown<DataError>([&] { log_partition(broken); }), {"log_partition", "not finite"}));
  CHECK(says(thrown<DataError>([&] { log_likelihood(broken, samples, none); }), {"log_likelihood", "not finite"}));
}

}  // namespace log_partition_test
