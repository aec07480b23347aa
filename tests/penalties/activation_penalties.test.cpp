// Penalties on the output of a layer, without a model.
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/penalties/kl_sparsity.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

struct Size {
  Index size, batch;
};
constexpr Size sizes[] = {{1, 1}, {5, 3}, {16, 8}, {300, 7}, {1000, 2}};

template <class Scalar>
double value(const auto& penalty, const MatrixX<Scalar>& y) {
  MatrixX<Scalar> unused = MatrixX<Scalar>::Zero(y.rows(), y.cols());
  return penalty.penalize(y.data(), unused.data(), y.rows(), y.cols());
}
template <class Scalar>
MatrixX<Scalar> gradient(const auto& penalty, const MatrixX<Scalar>& y, Scalar before = 0) {
  MatrixX<Scalar> g = MatrixX<Scalar>::Constant(y.rows(), y.cols(), before);
  penalty.penalize(y.data(), g.data(), y.rows(), y.cols());
  return g;
}

void check_gradient(const auto& penalty, MatrixX<double> y, double h = 1e-4) {
  const MatrixX<double> exact = gradient(penalty, y);
  MatrixX<double> numeric(y.rows(), y.cols());
  for (Index j = 0; j < y.cols(); ++j)
    for (Index i = 0; i < y.rows(); i += 1 + y.rows() / 50) {
      const double original = y(i, j);
      const double derivative = central_difference(
          [&](double step) {
            y(i, j) = original + step;
            return value(penalty, y);
          },
          h);
      y(i, j) = original;
      CHECK(exact(i, j) == Approx(derivative).epsilon(1e-6));
    }
}

double kl(double rho, double m) { return rho * std::log(rho / m) + (1 - rho) * std::log((1 - rho) / (1 - m)); }

}  // namespace

TEST_CASE("L1 is the sum of magnitudes, as a mean over samples") {
  for (const auto& [size, batch] : sizes) {
    const MatrixX<double> y = laws::samples(size, batch, false).array() - 0.5;
    const L1 penalty{.weight = 0.3};
    CHECK(value(penalty, y) == Approx(0.3 * y.cwiseAbs().sum() / static_cast<double>(batch)));
    check_gradient(penalty, y);
    CHECK(value<float>(penalty, y.cast<float>()) == Approx(value(penalty, y)).epsilon(1e-6));
    // The gradient is added to the values that are there.
    CHECK(gradient(penalty, y, 2.0).isApprox((gradient(penalty, y).array() + 2).matrix(), 1e-15));
  }
  const MatrixX<double> zero = MatrixX<double>::Zero(4, 2);
  CHECK(gradient(L1{}, zero) == zero);
}

TEST_CASE("KL sparsity compares the mean activation of each unit with the target") {
  for (const auto& [size, batch] : sizes) {
    const MatrixX<double> y = laws::samples(size, batch, false);
    const KlSparsity penalty{.target = 0.1, .weight = 0.7};
    double sum = 0;
    for (Index i = 0; i < size; ++i) sum += kl(0.1, y.row(i).mean());
    CHECK(value(penalty, y) == Approx(0.7 * sum));
    check_gradient(penalty, y, 1e-5);
    CHECK(value<float>(penalty, y.cast<float>()) == Approx(value(penalty, y)).epsilon(1e-5));
    CHECK(gradient(penalty, y, 2.0).isApprox((gradient(penalty, y).array() + 2).matrix(), 1e-12));
  }
  // At the target the penalty and its gradient are 0, for any values with that mean.
  const MatrixX<double> even = (MatrixX<double>(2, 2) << 0.125, 0.375, 0.25, 0.25).finished();
  CHECK(value(KlSparsity{.target = 0.25}, even) == Approx(0).margin(1e-15));
  CHECK(gradient(KlSparsity{.target = 0.25}, even).norm() <= 1e-15);
}

TEST_CASE("KL sparsity is linear next to means of 0 and 1") {
  const KlSparsity penalty{};
  for (const double end : {0.0, 1.0}) {
    const double edge = end == 0 ? KlSparsity::margin : 1 - KlSparsity::margin;
    const MatrixX<double> at_end = MatrixX<double>::Constant(1, 4, end);
    const MatrixX<double> at_edge = MatrixX<double>::Constant(1, 4, edge);
    const double derivative = (0.95 / (1 - edge) - 0.05 / edge) / 4;
    CHECK(gradient(penalty, at_end)(0) == Approx(derivative));
    CHECK(value(penalty, at_end) == Approx(kl(0.05, edge) + 4 * derivative * (end - edge)));
    CHECK(value(penalty, at_end) > value(penalty, at_edge));
    check_gradient(penalty, at_end, 1e-8);
    CHECK(std::isfinite(value<float>(penalty, at_end.cast<float>())));
  }
}

TEST_CASE("Sparse is a policy that applies a penalty to a layer") {
  using Default = Sparse<>;
  STATIC_REQUIRE(std::is_same_v<Default, Sparse<L1, AllLayers>>);
  STATIC_REQUIRE(PenalizesActivations<Default>);
  STATIC_REQUIRE(PenalizesActivations<Sparse<KlSparsity, AtLayer<1>>>);
  STATIC_REQUIRE(!PenalizesActivations<WeightDecay<>>);
  STATIC_REQUIRE(!Decays<Default>);
  STATIC_REQUIRE(Default::at_layer == -1);
  STATIC_REQUIRE(Sparse<L1, AtLayer<3>>::at_layer == 3);
  STATIC_REQUIRE(Default::kind == "Sparse");
  STATIC_REQUIRE(Sparse<KlSparsity>::term.view() == "KlSparsity");

  const MatrixX<double> y = laws::samples(6, 4, false);
  const Sparse sparse{L1{.weight = 0.2}};
  CHECK(value(sparse, y) == value(L1{.weight = 0.2}, y));
  CHECK(gradient(sparse, y) == gradient(L1{.weight = 0.2}, y));
  CHECK(value(Sparse{KlSparsity{.weight = 2}}, y) == value(KlSparsity{.weight = 2}, y));
}

TEST_CASE("KL sparsity is for values between 0 and 1") {
  constexpr Sparse<KlSparsity> kl_sparsity;
  STATIC_REQUIRE(kl_sparsity.diagnose_layer(Sigmoid{}).ok());
  constexpr Diagnosis relu = kl_sparsity.diagnose_layer(Relu{});
  CHECK(relu.rule == Rule::policy_applies);
  CHECK(relu.case_text().view() ==
        "Sparse<KlSparsity>: got the output of Relu, expected values in (0, 1), such as those of Sigmoid");
  CHECK(kl_sparsity.diagnose_layer(TopK<5>{}).got.view() == "the output of TopK<5>");
  CHECK_FALSE(kl_sparsity.diagnose_layer(Dense<5>{}).ok());
  CHECK(Sparse<L1>{}.diagnose_layer(Relu{}).ok());
}

TEST_CASE("penalties refuse hyperparameters outside their ranges") {
  for (const double bad : {-1.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(L1{.weight = bad}.validate(), OptionError);
    CHECK_THROWS_AS(KlSparsity{.weight = bad}.validate(), OptionError);
    CHECK_THROWS_AS(KlSparsity{.target = bad}.validate(), OptionError);
    CHECK_THROWS_AS(Sparse{L1{.weight = bad}}.validate(), OptionError);
  }
  CHECK_THROWS_AS(KlSparsity{.target = 0}.validate(), OptionError);
  CHECK_THROWS_AS(KlSparsity{.target = 1}.validate(), OptionError);
  CHECK_NOTHROW(L1{.weight = 0}.validate());
  CHECK_NOTHROW(Sparse<KlSparsity>{}.validate());
}
