#include <eigencoder/detail/gemm/gemm.hpp>
#include <eigencoder/extend/random.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace eigencoder;
using detail::MatrixView;
using detail::gemm;

namespace {

constexpr Index gap = 3;  // between the columns of strided matrices

// A matrix somewhere inside an array, stored either way.
template <class Scalar>
struct Stored {
  Index rows, cols, stride;
  bool row_major;
  std::vector<Scalar> values;

  Stored(Index n, Index m, bool by_rows, bool strided, std::uint32_t what)
      : rows(n),
        cols(m),
        stride((by_rows ? m : n) + (strided ? gap : 0)),
        row_major(by_rows),
        values(static_cast<std::size_t>(stride * (by_rows ? n : m))) {
    Random random(21, Purpose::user, what);
    for (Scalar& value : values) value = static_cast<Scalar>(random.normal());
  }
  Scalar operator()(Index i, Index j) const {
    return values[static_cast<std::size_t>(row_major ? i * stride + j : j * stride + i)];
  }
  MatrixView<Scalar> view() const { return {values.data(), stride, row_major}; }
};

// |c - (a b + accumulate c0)| <= depth eps times the sum of the absolute terms, and nothing else is written.
template <class Scalar>
void check_product(Index rows, Index cols, Index depth, bool a_rows, bool b_rows, bool strided,
                   bool accumulate, KernelScratch<Scalar>& scratch) {
  INFO(rows << " x " << depth << " by " << depth << " x " << cols << ", layouts " << a_rows << b_rows
            << ", strided " << strided << ", accumulate " << accumulate);
  const Stored<Scalar> a(rows, depth, a_rows, strided, 1), b(depth, cols, b_rows, strided, 2);
  const Stored<Scalar> before(rows, cols, false, strided, 3);
  Stored<Scalar> c = before;
  gemm<Scalar>(rows, cols, depth, a.view(), b.view(), c.values.data(), c.stride, accumulate, scratch);
  bool close = true, beside = true;
  for (Index j = 0; j < cols; ++j) {
    for (Index i = 0; i < rows; ++i) {
      long double sum = accumulate ? before(i, j) : Scalar(0), size = std::abs(sum);
      for (Index k = 0; k < depth; ++k) {
        const long double term = static_cast<long double>(a(i, k)) * b(k, j);
        sum += term;
        size += std::abs(term);
      }
      const long double bound =
          static_cast<long double>(depth + 1) * std::numeric_limits<Scalar>::epsilon() * size;
      close = close && std::abs(static_cast<long double>(c(i, j)) - sum) <= bound;
    }
    for (Index i = rows; i < c.stride; ++i) beside = beside && c(i, j) == before(i, j);
  }
  CHECK(close);
  CHECK(beside);
}

}  // namespace

TEMPLATE_TEST_CASE("gemm is the naive product for every layout, odd sizes and strides", "", float,
                   double) {
  KernelScratch<TestType> scratch;
  struct Size {
    Index rows, cols, depth;
  };
  for (const Size s :
       {Size{1, 1, 1},    Size{1, 9, 4},    Size{7, 1, 5},    Size{3, 2, 1},     Size{5, 6, 7},    Size{8, 8, 8},
        Size{49, 2, 40},  Size{32, 3, 64},  Size{33, 1, 5},   Size{2, 1, 300},   Size{3, 3, 3},    Size{12, 2, 21},
        Size{150, 1, 33}, Size{5, 4, 32},   Size{7, 6, 49},   Size{9, 5, 143},   Size{18, 16, 70}, Size{6, 17, 131},
        Size{11, 8, 40},  Size{17, 13, 33}, Size{96, 31, 65}, Size{131, 70, 257}})
    for (const bool a_rows : {false, true})
      for (const bool b_rows : {false, true}) {
        for (const bool strided : {false, true})
          for (const bool accumulate : {false, true})
            check_product<TestType>(s.rows, s.cols, s.depth, a_rows, b_rows, strided, accumulate, scratch);
      }
}

TEST_CASE("a product of depth 0 is zero, or nothing to add") {
  KernelScratch<float> scratch;
  for (const bool accumulate : {false, true})
    for (const Index cols : {1, 3, 5, 20})
      for (const bool a_rows : {false, true})
        for (const bool b_rows : {false, true})
          check_product<float>(4, cols, 0, a_rows, b_rows, true, accumulate, scratch);
}

TEST_CASE("a product without rows or columns writes nothing") {
  KernelScratch<float> scratch;
  const std::vector<float> a(20, 1.0F);
  float c = 5;
  gemm<float>(0, 3, 4, {a.data(), 4, false}, {a.data(), 4, false}, &c, 1, false, scratch);
  gemm<float>(3, 0, 4, {a.data(), 4, false}, {a.data(), 4, false}, &c, 3, false, scratch);
  CHECK(c == 5);
}

TEST_CASE("the bits of a product do not depend on where it lies") {
  KernelScratch<float> scratch, warm;
  const Stored<float> a(37, 53, true, false, 1), b(53, 19, false, false, 2);
  warm.panels.ensure_size(100000);
  std::vector<float> first(37 * 19);
  gemm<float>(37, 19, 53, a.view(), b.view(), first.data(), 37, false, scratch);
  for (std::size_t shift = 0; shift < 20; ++shift) {
    std::vector<float> moved(37 * 19 + 20);
    gemm<float>(37, 19, 53, a.view(), b.view(), moved.data() + shift, 37, false, warm);
    CHECK(std::equal(first.begin(), first.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift)));
  }
}

TEMPLATE_TEST_CASE("the bits of a product do not depend on how it is cut into several", "", float, double) {
  constexpr Index rows = 500, depth = 530;
  KernelScratch<TestType> scratch;
  for (const Index cols : {61, 3})
    for (const bool a_rows : {false, true}) {
      INFO(cols << " columns, layouts " << a_rows);
      const Stored<TestType> a(rows, depth, a_rows, false, 1), b(depth, cols, !a_rows && cols > 3, false, 2);
      std::vector<TestType> whole(static_cast<std::size_t>(rows * cols)), parts(whole.size());
      gemm<TestType>(rows, cols, depth, a.view(), b.view(), whole.data(), rows, false, scratch);
      for (Index row = 0; row < rows; row += 121)
        for (Index col = 0; col < cols; col += 31)
          gemm<TestType>(std::min<Index>(121, rows - row), std::min<Index>(31, cols - col), depth,
                         a.view().from(row, 0), b.view().from(0, col), parts.data() + col * rows + row, rows, false,
                         scratch);
      CHECK(whole == parts);
    }
}
