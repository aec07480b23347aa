#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/evaluation/pca.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

using namespace eigencoder;

namespace {

// Samples off the origin, with variances that fall by powers of ten over `rank` directions.
template <class Scalar>
MatrixX<Scalar> sloping(Index d, Index n, Index rank) {
  std::srand(1);
  MatrixX<double> x = MatrixX<double>::Random(d, rank);
  for (Index k = 0; k < rank; ++k)
    x.col(k) *= std::pow(10.0, -2.0 * static_cast<double>(k) / static_cast<double>(rank));
  x = x * MatrixX<double>::Random(rank, n);
  x.colwise() += VectorX<double>::Random(d);
  return x.cast<Scalar>();
}

template <class Scalar>
double total_error(const MatrixX<Scalar>& a, const MatrixX<Scalar>& b) {
  return mean_squared_error(a, b) * static_cast<double>(a.size());
}

struct Size {
  Index d, n;
};
const Size tall_and_wide[] = {{40, 150}, {150, 40}, {60, 60}};  // covariance, Gram matrix, the border

}  // namespace

TEST_CASE("the reconstruction error of Pca is the sum of the dropped eigenvalues") {
  for (const auto [d, n] : tall_and_wide) {
    CAPTURE(d, n);
    const MatrixX<double> x = sloping<double>(d, n, d);
    const Pca full(x, d);
    REQUIRE(full.components() == std::min(d, n - 1));
    for (const Index kept : {Index{1}, Index{7}, Index{30}}) {
      const Pca pca(x, kept);
      REQUIRE(pca.components() == kept);
      const double dropped = full.explained_variance().tail(full.components() - kept).sum();
      CHECK(total_error(x, pca.reconstruct(x)) == Approx(dropped * static_cast<double>(n - 1)).epsilon(1e-9));
      CHECK(pca.explained_variance().isApprox(full.explained_variance().head(kept), 1e-12));
    }
  }
}

TEST_CASE("the basis of Pca is orthonormal, its codes are uncorrelated and have the stated variance") {
  for (const auto [d, n] : tall_and_wide) {
    CAPTURE(d, n);
    const MatrixX<double> x = sloping<double>(d, n, d);
    const Pca pca(x, d);
    const Index k = pca.components();
    CHECK((pca.basis().transpose() * pca.basis()).isIdentity(1e-12));
    for (Index i = 0; i < k; ++i) {
      Index largest = 0;
      pca.basis().col(i).cwiseAbs().maxCoeff(&largest);
      CHECK(pca.basis()(largest, i) > 0);
    }
    const MatrixX<double> codes = pca.encode(x);
    REQUIRE(codes.rows() == k);
    REQUIRE(codes.cols() == n);
    CHECK(codes.rowwise().sum().norm() <= 1e-9);
    MatrixX<double> covariance = codes * codes.transpose() / static_cast<double>(n - 1);
    covariance.diagonal() -= pca.explained_variance();
    CHECK(covariance.norm() <= 1e-10 * pca.explained_variance()[0]);
  }
}

TEST_CASE("Pca with all components reconstructs exactly") {
  for (const auto [d, n] : tall_and_wide) {
    CAPTURE(d, n);
    const MatrixX<double> x = sloping<double>(d, n, d);
    CHECK(Pca(x, d).reconstruct(x).isApprox(x, 1e-12));
    const MatrixX<float> y = sloping<float>(d, n, d);
    CHECK(Pca(y, d).reconstruct(y).isApprox(y, 1e-5F));
  }
}

TEST_CASE("the covariance and the Gram matrix give the same components") {
  const MatrixX<double> x = sloping<double>(50, 80, 50);
  MatrixX<double> padded = MatrixX<double>::Zero(100, 80);  // zeros add no variance, but change which matrix is smaller
  padded.topRows(50) = x;
  const Pca by_covariance(x, 50), by_gram(padded, 50);
  REQUIRE(by_gram.components() == by_covariance.components());
  CHECK(by_gram.explained_variance().isApprox(by_covariance.explained_variance(), 1e-12));
  CHECK(by_gram.basis().topRows(50).isApprox(by_covariance.basis(), 1e-8));
  CHECK(by_gram.basis().bottomRows(50).norm() <= 1e-12);
}

TEST_CASE("Pca keeps no more components than the samples have") {
  CHECK(Pca(sloping<double>(30, 100, 5), 20).components() == 5);
  CHECK(Pca(sloping<double>(100, 30, 5), 20).components() == 5);
  CHECK(Pca(sloping<double>(100, 6, 50), 20).components() == 5);

  // All samples are equal: there is no component, whatever the rounding.
  const VectorX<float> one = VectorX<float>::Random(20);
  for (const Index n : {1, 3, 50}) {
    const MatrixX<float> equal = one.replicate(1, n);
    const Pca pca(equal, 2);
    CHECK(pca.components() == 0);
    CHECK(pca.encode(equal).rows() == 0);
    CHECK(pca.reconstruct(equal).isApprox(equal, 1e-6F));
  }
}

TEST_CASE("Pca finds the line that points lie on") {
  MatrixX<double> x(2, 5);
  for (Index j = 0; j < 5; ++j) {
    const double along = static_cast<double>(j - 2);
    x.col(j) << 1 + 3 * along, 2 - 4 * along;
  }
  const Pca pca(x, 2);
  REQUIRE(pca.components() == 1);
  CHECK(pca.mean().isApprox(Eigen::Vector2d(1, 2), 1e-14));
  CHECK(pca.basis().isApprox(Eigen::Vector2d(-0.6, 0.8), 1e-12));
  CHECK(pca.explained_variance()[0] == Approx(25 * 10.0 / 4));
  // A point off the line is projected onto it.
  CHECK(pca.reconstruct(Eigen::Vector2d(1 + 4, 2 + 3).eval()).isApprox(Eigen::Vector2d(1, 2), 1e-12));
}

TEST_CASE("Pca gives the same bits for any number of threads") {
  for (const auto [d, n] : {Size{150, 300}, Size{300, 150}}) {
    const MatrixX<float> x = sloping<float>(d, n, 150);
    set_threads(1);
    const Pca one(x, 100);
    const MatrixX<float> codes = one.encode(x), samples = one.decode(codes);
    for (const int threads : {2, 3}) {
      set_threads(threads);
      const Pca many(x, 100);
      CHECK(many.basis() == one.basis());
      CHECK(many.explained_variance() == one.explained_variance());
      CHECK(many.encode(x) == codes);
      CHECK(many.decode(codes) == samples);
    }
    set_threads(0);
  }
}

TEST_CASE("Pca takes blocks of columns and data sets") {
  const MatrixX<float> x = sloping<float>(20, 60, 20);
  const Dataset<float> set{.samples = x, .shape = Shape::flat(20), .names = {}, .labels = {}, .skipped = {}};
  const Pca from_set(set, 3);
  STATIC_REQUIRE(std::is_same_v<decltype(from_set), const Pca<float>>);
  const Pca whole(x, 3);
  CHECK(from_set.basis() == whole.basis());
  CHECK(whole.encode(x.middleCols(5, 7)).isApprox(whole.encode(x).middleCols(5, 7), 1e-5F));
}

TEST_CASE("what Pca refuses") {
  MatrixX<double> x = sloping<double>(10, 20, 10);
  CHECK_THROWS_AS(Pca(x, 0), OptionError);
  CHECK_THROWS_AS(Pca(MatrixX<double>(10, 0), 1), DataError);
  CHECK_THROWS_AS(Pca(MatrixX<double>(0, 10), 1), DataError);
  const Pca pca(x, 4);
  CHECK_THROWS_AS(pca.encode(MatrixX<double>(9, 2)), ShapeError);
  CHECK_THROWS_AS(pca.decode(MatrixX<double>(5, 2)), ShapeError);
  for (const double bad : {std::nan(""), -std::numeric_limits<double>::infinity(), 1e200}) {
    x(3, 4) = bad;
    CHECK_THROWS_AS(Pca(x, 1), DataError);
  }
}
