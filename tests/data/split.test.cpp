#include "support/catch.hpp"

#include <eigencoder/data/split.hpp>

#include <algorithm>

using namespace eigencoder;

TEST_CASE("a split puts every sample into exactly one part, in ascending order") {
  for (const Index count : {2, 3, 10, 101, 1000})
    for (const double fraction : {0.3, 0.5, 0.6}) {
      const Split parts = split(count, fraction, 7);
      CHECK(static_cast<Index>(parts.test.size()) == std::lround(fraction * static_cast<double>(count)));
      CHECK(std::is_sorted(parts.train.begin(), parts.train.end()));
      CHECK(std::is_sorted(parts.test.begin(), parts.test.end()));
      std::vector<Index> all = parts.train;
      all.insert(all.end(), parts.test.begin(), parts.test.end());
      std::sort(all.begin(), all.end());
      REQUIRE(static_cast<Index>(all.size()) == count);
      for (Index i = 0; i < count; ++i) CHECK(all[static_cast<std::size_t>(i)] == i);
    }
}

TEST_CASE("a split depends on its seed alone") {
  CHECK(split(500, 0.2, 3).test == split(500, 0.2, 3).test);
  CHECK(split(500, 0.2, 3).test != split(500, 0.2, 4).test);
}

TEST_CASE("every sample is held out as often as any other") {
  constexpr int draws = 4000;
  std::vector<int> times(10);
  for (int seed = 0; seed < draws; ++seed)
    for (const Index i : split(10, 0.3, static_cast<std::uint64_t>(seed)).test)
      ++times[static_cast<std::size_t>(i)];
  const double error = std::sqrt(draws * 0.3 * 0.7);
  for (const int n : times) CHECK(std::abs(n - draws * 0.3) < 5 * error);
}

TEST_CASE("a split with an empty part is refused") {
  CHECK_THROWS_AS(split(0, 0.5, 1), DataError);
  CHECK_THROWS_AS(split(1, 0.5, 1), DataError);
  CHECK_THROWS_AS(split(10, 0.01, 1), DataError);
  CHECK_THROWS_AS(split(10, 0.99, 1), DataError);
  CHECK_THROWS_AS(split(-5, 0.5, 1), DataError);
  for (const double fraction : {0., 1., -0.1, 1.5, std::nan("")})
    CHECK_THROWS_AS(split(10, fraction, 1), OptionError);
}

TEST_CASE("take gives the columns asked for, in that order, with what is known about them") {
  const Dataset<double> data{
      Eigen::MatrixXd::Random(3, 4), {1, 1, 3}, {"a", "b", "c", "d"}, {10, 11, 12, 13}, {"x"}};
  const std::vector<Index> indices{2, 0, 2};
  const Dataset<double> taken = take(data, indices);
  REQUIRE(taken.size() == 3);
  CHECK(taken.samples.col(0) == data.samples.col(2));
  CHECK(taken.samples.col(1) == data.samples.col(0));
  CHECK(taken.samples.col(2) == data.samples.col(2));
  CHECK(taken.shape == data.shape);
  CHECK(taken.names == std::vector<std::string>{"c", "a", "c"});
  CHECK(taken.labels == std::vector<int>{12, 10, 12});
  CHECK(taken.skipped.empty());

  CHECK(take(data.samples, indices) == taken.samples);
  CHECK(take(View<double>(data), indices) == taken.samples);
  CHECK(take(data.samples.middleCols(1, 3), std::vector<Index>{1}) == data.samples.col(2));
  CHECK(take(data, std::vector<Index>{}).size() == 0);
  CHECK_THROWS_AS(take(data, std::vector<Index>{4}), OptionError);
  CHECK_THROWS_AS(take(data.samples, std::vector<Index>{-1}), OptionError);
}

TEST_CASE("a data set converts to samples") {
  const Dataset<float> data{Eigen::MatrixXf::Random(3, 4), {1, 1, 3}};
  const View<float> view = data;
  const MatrixX<float>& matrix = data;
  CHECK(view.data() == data.samples.data());
  CHECK(&matrix == &data.samples);
  CHECK(data.size() == 4);
}
