#include <eigencoder/extend/view.hpp>

#include "support/catch.hpp"

using namespace eigencoder;

namespace {

// Entry (i, j) is 100 i + j.
MatrixX<float> numbered(Index rows, Index cols) {
  MatrixX<float> m(rows, cols);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) m(i, j) = static_cast<float>(100 * i + j);
  return m;
}

template <class Derived>
void check_shows(View<float> view, const Eigen::MatrixBase<Derived>& m) {
  REQUIRE(view.rows() == m.rows());
  REQUIRE(view.cols() == m.cols());
  for (Index j = 0; j < m.cols(); ++j)
    for (Index i = 0; i < m.rows(); ++i) CHECK(view.column(j)[i] == m(i, j));
}

}  // namespace

TEST_CASE("a view shows matrices, blocks, maps, columns and rows where they are") {
  const MatrixX<float> m = numbered(5, 7);
  check_shows(m, m);
  CHECK(View<float>(m).data() == m.data());
  check_shows(m.middleCols(2, 3), m.middleCols(2, 3));
  check_shows(m.block(1, 2, 3, 4), m.block(1, 2, 3, 4));
  check_shows(m.topRows(2), m.topRows(2));
  check_shows(m.col(3), m.col(3));
  check_shows(m.row(2), m.row(2));  // samples of one value
  check_shows(m.col(3).segment(1, 2), m.col(3).segment(1, 2));

  const Eigen::Map<const MatrixX<float>, 0, Eigen::OuterStride<>> every_other(m.data(), 5, 4,
                                                                              Eigen::OuterStride<>(10));
  check_shows(every_other, every_other);
  const Eigen::Matrix<float, 5, 7> fixed = m;
  check_shows(fixed, m);
  const VectorX<float> sample = m.col(1);
  check_shows(sample, m.col(1));
  const Eigen::RowVectorXf row = m.row(4);
  check_shows(row, m.row(4));
}

TEST_CASE("some columns of a view are a view") {
  const MatrixX<float> m = numbered(5, 7);
  const View<float> block = m.middleRows(1, 3);
  check_shows(block.columns(2, 4), m.block(1, 2, 3, 4));
  CHECK(block.columns(0, 0).cols() == 0);
  CHECK(block.columns(6, 1).stride() == block.stride());
}

TEST_CASE("views are equal where they show the same memory in the same way") {
  const MatrixX<float> m = numbered(4, 4), copy = m;
  CHECK(View<float>(m) == View<float>(m));
  CHECK(View<float>(m) != View<float>(copy));
  CHECK(View<float>(m) != View<float>(m.leftCols(3)));
  CHECK(View<float>(m) != View<float>(m.topRows(3)));
  CHECK(View<float>(m.data(), 2, 2, 4) != View<float>(m.data(), 2, 2, 2));
  CHECK(View<float>() == View<float>());
}
