// Divergences from the prior: values against closed forms and estimates, derivatives against central differences.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/testing.hpp>
#include <limits>

#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"

using namespace toy;

namespace {

struct Spread {
  MatrixX<double> mean, log_variance;
  explicit Spread(Index size = 3, Index batch = 4)
      : mean((2 * laws::samples(size, batch, false, 3).array() - 1).matrix()),
        log_variance((3 * laws::samples(size, batch, false, 4).array() - 2).matrix()) {}
};

template <class D>
double value(const D& divergence, const Spread& q, std::uint64_t step = 0) {
  MatrixX<double> dmean = 0 * q.mean, dlog = 0 * q.mean;
  return divergence.add(q.mean.data(), q.log_variance.data(), q.mean.rows(), q.mean.cols(), step, dmean.data(),
                        dlog.data());
}

// Both derivatives, added to the values in the buffers.
template <class D>
void check_derivatives(const D& divergence, std::uint64_t step) {
  Spread q;
  const MatrixX<double> before = MatrixX<double>::Constant(3, 4, 7);
  MatrixX<double> dmean = before, dlog = before, numeric(3, 4);
  divergence.add(q.mean.data(), q.log_variance.data(), 3, 4, step, dmean.data(), dlog.data());
  const auto differences = [&](MatrixX<double>& of) {
    for (Index i = 0; i < of.size(); ++i) {
      double& at = of.data()[i];
      numeric.data()[i] = central_difference([&](double h) {
        at += h;
        const double found = value(divergence, q, step);
        at -= h;
        return found;
      });
    }
  };
  const auto agree = [&](const MatrixX<double>& found) {
    const MatrixX<double> own = found - before;
    CHECK((own - numeric).norm() <= 1e-7 * std::max(1.0, numeric.norm()));
  };
  differences(q.mean);
  agree(dmean);
  differences(q.log_variance);
  agree(dlog);
}

}  // namespace

TEST_CASE("the KL divergence is its closed form, a mean over samples") {
  const Spread q;
  double expected = 0;
  for (Index i = 0; i < q.mean.size(); ++i) expected += divergence(q.mean.data()[i], q.log_variance.data()[i]) / 4;
  CHECK(value(KullbackLeibler<>{}, q) == Approx(expected).epsilon(1e-14));
  CHECK(value(KullbackLeibler<>{.beta = 4}, q) == Approx(4 * expected).epsilon(1e-14));
  Spread prior;
  prior.mean.setZero();
  prior.log_variance.setZero();
  CHECK(value(KullbackLeibler<>{}, prior) == 0);
}

TEST_CASE("the KL divergence is the mean of log q - log p under q") {
  const double mean[] = {0.7, -1.2}, log_variance[] = {-1.0, 0.8};
  Random random(5, Purpose::user);
  std::vector<double> differences, ours;
  for (int draw = 0; draw < 40000; ++draw) {
    double z[2], difference = 0;
    for (int i = 0; i < 2; ++i) {
      const double e = random.normal();
      z[i] = mean[i] + std::exp(log_variance[i] / 2) * e;
      difference += (z[i] * z[i] - e * e - log_variance[i]) / 2;  // the constants of both cancel
    }
    differences.push_back(difference);
    ours.push_back(-GaussianPosterior::log_prior_over_posterior(z, mean, log_variance, 2));
    REQUIRE(ours.back() == Approx(difference).margin(1e-12));
  }
  const Estimate estimate(differences);
  const double closed = divergence(0.7, -1.0) + divergence(-1.2, 0.8);
  CHECK(std::abs(estimate.mean - closed) <= 5 * estimate.error);
  CHECK(estimate.error < closed / 50);
}

TEST_CASE("derivatives of the KL divergence agree with central differences") {
  check_derivatives(KullbackLeibler<>{}, 0);
  check_derivatives(KullbackLeibler<>{.beta = 3}, 0);
  check_derivatives(KullbackLeibler<>{.free_bits = 0.4}, 0);
  check_derivatives(KullbackLeibler<LinearAnnealing>{.annealing = {.steps = 8}}, 3);
}

TEST_CASE("a dimension below its free nats costs these and has no gradient") {
  const Spread q;
  std::vector<double> each(3);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 4; ++j)
      each[static_cast<std::size_t>(i)] += divergence(q.mean(i, j), q.log_variance(i, j)) / 4;
  std::vector<double> sorted = each;
  std::sort(sorted.begin(), sorted.end());
  const double free_bits = (sorted[0] + sorted[1]) / 2;  // one dimension lies below
  const KullbackLeibler<> floored{.beta = 2, .free_bits = free_bits};
  CHECK(value(floored, q) == Approx(2 * (free_bits + sorted[1] + sorted[2])).epsilon(1e-14));
  MatrixX<double> dmean = MatrixX<double>::Zero(3, 4), dlog = dmean;
  floored.add(q.mean.data(), q.log_variance.data(), 3, 4, 0, dmean.data(), dlog.data());
  for (Index i = 0; i < 3; ++i) {
    const bool below = each[static_cast<std::size_t>(i)] < free_bits;
    CHECK((dmean.row(i).array() == 0).all() == below);
    CHECK((dlog.row(i).array() == 0).all() == below);
  }
}

TEST_CASE("annealing schedules give their factors") {
  CHECK(NoAnnealing{}.factor(0) == 1);
  const LinearAnnealing linear{.steps = 40};
  CHECK(linear.factor(0) == 0);
  CHECK(linear.factor(10) == 0.25);
  CHECK(linear.factor(40) == 1);
  CHECK(linear.factor(std::uint64_t{1} << 60) == 1);
  const CyclicalAnnealing cyclical{.period = 40, .ramp = 0.5};
  for (const unsigned cycle : {0U, 1U, 7U}) {
    CHECK(cyclical.factor(40 * cycle) == 0);
    CHECK(cyclical.factor(40 * cycle + 5) == 0.25);
    CHECK(cyclical.factor(40 * cycle + 20) == 1);
    CHECK(cyclical.factor(40 * cycle + 39) == 1);
  }
  const Spread q;
  const double whole = value(KullbackLeibler<>{.beta = 3}, q);
  CHECK(value(KullbackLeibler<LinearAnnealing>{.beta = 3, .annealing = linear}, q, 10) == Approx(whole / 4));
  CHECK(value(KullbackLeibler<CyclicalAnnealing>{.beta = 3, .annealing = cyclical}, q, 45) == Approx(whole / 4));
}

TEST_CASE("divergences and annealing refuse what is out of range") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-1.0, nan, infinity}) {
    CHECK_THROWS_AS(KullbackLeibler<>{.beta = bad}.validate(), OptionError);
    CHECK_THROWS_AS(KullbackLeibler<>{.free_bits = bad}.validate(), OptionError);
    CHECK_THROWS_AS(MaximumMeanDiscrepancy{.weight = bad}.validate(), OptionError);
    CHECK_THROWS_AS(LinearAnnealing{.steps = bad}.validate(), OptionError);
    CHECK_THROWS_AS(CyclicalAnnealing{.period = bad}.validate(), OptionError);
    CHECK_THROWS_AS(CyclicalAnnealing{.ramp = bad}.validate(), OptionError);
    CHECK_THROWS_AS(KullbackLeibler<LinearAnnealing>{.annealing = {.steps = bad}}.validate(), OptionError);
    CHECK_THROWS_AS(Variational{KullbackLeibler<>{.beta = bad}}.validate(), OptionError);
  }
  CHECK_THROWS_AS((Variational{KullbackLeibler{}, 0}.validate()), OptionError);
  CHECK_THROWS_AS(ImportanceWeighted{0}.validate(), OptionError);
  CHECK_NOTHROW(KullbackLeibler<>{.beta = 0}.validate());
  CHECK_NOTHROW(ImportanceWeighted{1}.validate());
}

namespace {

double discrepancy(const MatrixX<double>& codes, std::uint64_t stream, double weight = 1) {
  MatrixX<double> prior(codes.rows(), codes.cols()), unused = 0 * codes;
  return MaximumMeanDiscrepancy{.weight = weight}.add(codes.data(), codes.rows(), codes.cols(),
                                                      Random(stream, Purpose::bottleneck), prior.data(), unused.data());
}

// Over many sets of codes from N(shift, scale^2).
Estimate discrepancy_of(double shift, double scale) {
  std::vector<double> values;
  MatrixX<double> codes(3, 10);
  for (std::uint64_t run = 0; run < 600; ++run) {
    Random random(run, Purpose::user);
    for (double& z : codes.reshaped()) z = shift + scale * random.normal();
    values.push_back(discrepancy(codes, run));
  }
  return Estimate(values);
}

}  // namespace

TEST_CASE("the maximum mean discrepancy is zero on the mean for codes from the prior alone") {
  const Estimate same = discrepancy_of(0, 1), shifted = discrepancy_of(1, 1), narrow = discrepancy_of(0, 0.2);
  CHECK(std::abs(same.mean) <= 5 * same.error);
  CHECK(shifted.mean > 5 * shifted.error);
  CHECK(narrow.mean > 5 * narrow.error);
  CHECK(same.error < shifted.mean / 10);
}

TEST_CASE("one code has no unbiased discrepancy: it adds nothing") {
  const double code[] = {0.3, -0.4};
  double prior[2], delta[] = {5, 6};
  CHECK(MaximumMeanDiscrepancy{}.add(code, 2, 1, Random(1, Purpose::bottleneck), prior, delta) == 0);
  CHECK(delta[0] == 5);
  CHECK(delta[1] == 6);
}

TEST_CASE("the maximum mean discrepancy of two codes, by hand") {
  const MatrixX<double> codes = (MatrixX<double>(1, 2) << 0.5, -1.5).finished();
  Random random(9, Purpose::bottleneck);
  const double p[] = {random.normal(), random.normal()};
  const auto kernel = [](double a, double b) {
    double sum = 0;
    for (const double s : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) sum += 2 * s / (2 * s + (a - b) * (a - b));
    return sum;
  };
  double expected = kernel(0.5, -1.5) + kernel(p[0], p[1]);  // 2 / (2 (2 - 1)) of each pair
  for (const double z : {0.5, -1.5}) expected -= (kernel(z, p[0]) + kernel(z, p[1])) / 2;
  CHECK(discrepancy(codes, 9, 3) == Approx(3 * expected).epsilon(1e-13));
}

TEST_CASE("derivatives of the maximum mean discrepancy agree with central differences") {
  MatrixX<double> codes = (2 * laws::samples(3, 5, false).array() - 0.5).matrix();
  const MatrixX<double> before = MatrixX<double>::Constant(3, 5, -2);
  MatrixX<double> prior(3, 5), delta = before, numeric(3, 5);
  MaximumMeanDiscrepancy{.weight = 4}.add(codes.data(), 3, 5, Random(2, Purpose::bottleneck), prior.data(),
                                          delta.data());
  for (Index i = 0; i < codes.size(); ++i)
    numeric.data()[i] = central_difference([&](double h) {
      MatrixX<double> moved = codes;
      moved.data()[i] += h;
      return discrepancy(moved, 2, 4);
    });
  CHECK((delta - before - numeric).norm() <= 1e-7 * numeric.norm());
}
