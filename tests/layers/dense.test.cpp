#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/layers/dense.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

namespace {

using Matrix = MatrixX<double>;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Kernel>
RowMajor outer(const Kernel& kernel, const Matrix& x, const Matrix& dy, RowMajor g, bool accumulate) {
  KernelScratch<double> scratch;
  Index next = 0;
  for (Index task = 0; task < kernel.outer_tasks(); ++task) {
    const auto range = kernel.outer_range(task);
    CHECK(range.first == next);
    next += range.count;
    kernel.outer(task, x.data(), dy.data(), x.cols(), g.data() + range.first, accumulate, scratch);
  }
  CHECK(next == g.size());
  return g;
}

}  // namespace

TEST_CASE("a dense kernel is W x, its transpose W^T y and its gradient dy x^T, however it is cut") {
  struct Size {
    Index inputs, outputs, batch;
  };
  for (const Size s :
       {Size{1, 1, 1}, Size{3, 5, 2}, Size{50, 97, 4}, Size{1000, 300, 3}, Size{9000, 40, 2}}) {
    INFO(s.inputs << " to " << s.outputs);
    const RowMajor w = laws::samples(s.outputs, s.inputs, false, 1);
    const Matrix x = laws::samples(s.inputs, s.batch, false, 2),
                 dy = laws::samples(s.outputs, s.batch, false, 3);
    const auto kernel = Dense<>(s.outputs).kernel(Shape::flat(s.inputs), w.data());
    CHECK(apply<double>(kernel, x, s.outputs).isApprox(w * x, 1e-12));
    CHECK(adjoint<double>(kernel, dy, s.inputs).isApprox(w.transpose() * dy, 1e-12));
    const RowMajor g = dy * x.transpose();
    CHECK(outer(kernel, x, dy, RowMajor::Constant(s.outputs, s.inputs, 7), false).isApprox(g, 1e-12));
    CHECK(outer(kernel, x, dy, w, true).isApprox(w + g, 1e-12));
    // Mirrored: x and dy are swapped, the weight is stored as before.
    const detail::Transposed<decltype(kernel)> mirrored{kernel};
    CHECK(outer(mirrored, dy, x, w, false).isApprox(g, 1e-12));
  }
}

TEST_CASE("a dense layer's width is a template argument or a value") {
  STATIC_REQUIRE(std::is_same_v<decltype(Dense{64}), Dense<Dynamic>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Dense{64, WithoutBias{}}), Dense<Dynamic, WithoutBias>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Dense{64, Initializer::zeros()}), Dense<Dynamic, WithBias>>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(Dense{64, WithoutBias{}, Initializer::zeros()}), Dense<Dynamic, WithoutBias>>);
  STATIC_REQUIRE(Dense<64>{}.output(Shape::flat(3)) == Dense{64}.output(Shape::flat(3)));
  STATIC_REQUIRE(Dense<64>{}.output(Shape{4, 5, 3}) == Shape::flat(64));
  STATIC_REQUIRE_FALSE(Dense{0}.output(Shape::flat(3)).is_possible());
  STATIC_REQUIRE_FALSE(Dense<4>{}.output(Shape::none()).is_possible());
  CHECK(Dense<64>{}.name().view() == "Dense<64>");
  CHECK(Dense{64}.name().view() == "Dense{64}");
  CHECK(Dense{64, WithoutBias{}, Initializer::zeros()}.initializer == Initializer::zeros());
}

TEST_CASE("a mirrored layer returns the original's input shape") {
  detail::Mirrored<Dense<>, false> mirrored{Dense{7}};
  mirrored.original = Shape{3, 4, 2};
  CHECK(mirrored.output(Shape::flat(7)) == Shape{3, 4, 2});
  CHECK_FALSE(mirrored.output(Shape::flat(8)).is_possible());
  CHECK(mirrored.initializer == Dense{7}.initializer);
  const WeightShape own = mirrored.weight_shape(Shape::flat(7)),
                    original = Dense{7}.weight_shape(Shape::flat(24));
  CHECK(own.rows == original.rows);
  CHECK(own.cols == original.cols);
  CHECK(own.fan_in == original.fan_out);
  CHECK(own.fan_out == original.fan_in);
}
