#include "support/catch.hpp"

#include <eigencoder/data/quantiles.hpp>
#include <eigencoder/extend/view.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "laws/samples.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

TEST_CASE("quantiles by hand") {
  const std::vector<double> x = {7, 1, 3, 10, 2};  // sorted: 1 2 3 7 10
  CHECK(quantile(x, 0) == 1);
  CHECK(quantile(x, 0.25) == 2);
  CHECK(quantile(x, 0.5) == 3);
  CHECK(quantile(x, 0.75) == 7);
  CHECK(quantile(x, 1) == 10);
  CHECK(quantile(x, 0.125) == 1.5);
  CHECK(quantile(x, 0.6) == Approx(3 + 0.4 * 4));
  CHECK(quantile(x, 0.9) == Approx(7 + 0.6 * 3));
  CHECK(quantiles(x, {1, 0.5, 0.5, 0.125}) == std::vector<double>{10, 3, 3, 1.5});
  CHECK(quantiles(x, {0.25}) == std::vector<double>{2});
  CHECK(quantiles(x, {}).empty());
  CHECK(quantile(std::vector<float>{1, 2}, 0.5) == 1.5);
  CHECK(quantile(std::vector<double>{4}, 0.3) == 4);
}

TEST_CASE("a quantile lies between the order statistics whose shares surround its probability") {
  const Eigen::VectorXd x = laws::samples(101, 1, false);
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < 100; ++i) {
    const double q = (static_cast<double>(i) + 0.3) / 100;
    CHECK(quantile(x, q) == Approx(0.7 * sorted[i] + 0.3 * sorted[i + 1]).epsilon(1e-12));
    CHECK(quantile(-x, 1 - q) == Approx(-quantile(x, q)).epsilon(1e-12));
  }
}

TEST_CASE("quantiles are monotone and commute with increasing linear functions") {
  const Eigen::VectorXd x = laws::samples(37, 1, false, 2);
  double last = 0;
  for (int i = 0; i <= 1000; ++i) {
    const double q = i / 1000.0, found = quantile(x, q);
    CHECK(found >= last);
    CHECK(quantile(3 * x.array() - 2, q) == Approx(3 * found - 2).margin(1e-12));
    last = found;
  }
}

TEST_CASE("quantiles of every kind of list") {
  const std::array<float, 6> values = {5, 4, 3, 2, 1, 0};
  const float plain[] = {5, 4, 3, 2, 1, 0};
  MatrixX<float> matrix(2, 3);
  matrix << 5, 4, 3, 2, 1, 0;
  CHECK(quantile(values, 0.5) == 2.5);
  CHECK(quantile(plain, 0.5) == 2.5);
  CHECK(quantile(std::span(values), 0.5) == 2.5);
  CHECK(quantile(std::vector<int>{5, 4, 3, 2, 1, 0}, 0.5) == 2.5);
  CHECK(quantile(matrix, 0.5) == 2.5);
  CHECK(quantile(View<float>(matrix), 0.5) == 2.5);
  CHECK(quantile(View<float>(matrix.leftCols(2)), 0.5) == 3);  // 5 4 2 1
  CHECK(quantile(View<float>(matrix.topRows(1)), 0.5) == 4);
  CHECK(quantile(matrix.row(1), 0.5) == 1);
  CHECK(quantile(2 * matrix.array() + 1, 0.5) == 6);
}

TEST_CASE("quantiles do not overflow") {
  const double huge = std::numeric_limits<double>::max();
  CHECK(quantile(std::vector<double>{-huge, huge}, 0.5) == 0);
  CHECK(quantile(std::vector<double>{huge, huge}, 0.7) == huge);
}

TEST_CASE("quantiles refuse what they cannot use") {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> x = {1, 2, 3};
  CHECK(says(thrown<DataError>([] { quantile(std::vector<double>(), 0.5); }), {"quantile", "no values"}));
  CHECK(says(thrown<DataError>([] { quantile(MatrixX<float>(3, 0), 0.5); }), {"quantile", "no values"}));
  CHECK(says(thrown<DataError>([] { quantile(std::vector<double>{1, std::nan("")}, 0.5); }), {"value 1", "NaN"}));
  CHECK(says(thrown<DataError>([&] { quantile(std::vector<double>{-infinity, 1}, 0.5); }), {"value 0", "infinite"}));
  for (const double q : {-0.1, 1.1, std::nan(""), infinity}) {
    CHECK(says(thrown<OptionError>([&] { quantile(x, q); }), {"quantile", "0 and 1"}));
    CHECK_THROWS_AS(quantiles(x, {0.5, q}), OptionError);
  }
}
