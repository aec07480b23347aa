#include <eigencoder/evaluation/likelihood.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <eigencoder/eigencoder.hpp>
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace likelihood_test {
namespace {

using Model = Autoencoder<Encoder<Input<5>, Dense<6>, Tanh, Dense<2>>, Decoder<Mirror>, Gaussian, Variational<>,
                          Precision<double>>;

MatrixX<double> samples(Index count, std::uint64_t seed = 1) { return unit_samples(5, count, seed).cast<double>(); }
const Model& model() {
  static const Model trained = [] {
    Model fresh;
    fresh.fit(samples(100), Adam{}, {.epochs = 3});
    return fresh;
  }();
  return trained;
}
std::vector<double> estimates(LikelihoodEstimate estimate, const MatrixX<double>& x, Index draws, bool same = false) {
  return log_likelihoods(model(), x, {.estimate = estimate, .draws = draws, .seed = 3, .same_draws = same});
}

}  // namespace

TEST_CASE("the importance-weighted estimate is the model's log likelihood") {
  CHECK(log_likelihoods(model(), samples(9), {.draws = 30, .seed = 4}) == model().log_likelihood(samples(9), 30, 4));
}

TEST_CASE("the bound lies below the likelihood, and above it less the divergence lies the reconstruction") {
  const MatrixX<double> x = samples(12, 2);
  const auto likelihood = estimates(LikelihoodEstimate::importance_weighted, x, 400);
  const auto bound = estimates(LikelihoodEstimate::lower_bound, x, 400);
  const auto reconstruction = estimates(LikelihoodEstimate::reconstruction, x, 400);
  const Posterior<double> q = model().posterior(x);
  for (std::size_t j = 0; j < 12; ++j) {
    CHECK(bound[j] < likelihood[j]);
    // Kingma & Welling (2014), appendix B: the divergence of the posterior from N(0, I).
    const auto c = static_cast<Index>(j);
    double divergence = 0;
    for (Index i = 0; i < 2; ++i)
      divergence += (std::exp(q.log_variance(i, c)) + std::pow(q.mean(i, c), 2) - 1 - q.log_variance(i, c)) / 2;
    CHECK(reconstruction[j] - bound[j] == Approx(divergence).margin(0.25));
  }
  // With one draw the two agree.
  const auto once = estimates(LikelihoodEstimate::lower_bound, x, 1);
  const auto one = estimates(LikelihoodEstimate::importance_weighted, x, 1);
  for (std::size_t j = 0; j < 12; ++j) CHECK(once[j] == Approx(one[j]).epsilon(1e-12));
}

TEST_CASE("with the same draws an estimate does not depend on the sample's index") {
  const MatrixX<double> x = samples(5, 3).replicate(1, 2);
  for (const auto estimate : {LikelihoodEstimate::importance_weighted, LikelihoodEstimate::lower_bound,
                              LikelihoodEstimate::reconstruction}) {
    const auto same = estimates(estimate, x, 10, true), other = estimates(estimate, x, 10, false);
    for (std::size_t j = 0; j < 5; ++j) {
      CHECK(same[j] == Approx(same[j + 5]).epsilon(1e-12));
      CHECK(std::abs(other[j] - other[j + 5]) > 1e-9);
    }
  }
}

TEST_CASE("estimates of bad samples or without draws are refused") {
  CHECK(says(thrown<OptionError>([] { estimates(LikelihoodEstimate::reconstruction, samples(3), 0); }), {"draws"}));
  CHECK(thrown<ShapeError>([] { estimates(LikelihoodEstimate::reconstruction, samples(3).topRows(2).eval(), 1); }) != "");
  CHECK(thrown<DataError>([] {
          estimates(LikelihoodEstimate::lower_bound, MatrixX<double>::Constant(5, 2, std::nan("")), 1);
        }) != "");
}

}  // namespace likelihood_test
