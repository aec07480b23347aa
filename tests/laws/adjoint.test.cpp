// The laws of linear layers, for every layer and its mirror image: `adjoint` is the adjoint of `apply`, `outer` is the
// derivative of <y, A x> by the weight, and tasks write every value once.
#include <cmath>
#include <eigencoder/detail/kernels/transposed.hpp>

#include "support/catch.hpp"
#include "laws/list.hpp"
#include "layers/kernel_fixture.hpp"

using namespace laws;

namespace {

// Positive and negative values.
template <class Scalar>
MatrixX<Scalar> values(Index rows, Index cols, std::uint64_t seed) {
  return (samples<Scalar>(rows, cols, false, seed).array() - Scalar(0.5)).matrix();
}

template <class Scalar>
double dot(const MatrixX<Scalar>& a, const MatrixX<Scalar>& b) {
  return a.template cast<double>().cwiseProduct(b.template cast<double>()).sum();
}
template <class Scalar>
double length(const MatrixX<Scalar>& a) {
  return a.template cast<double>().norm();
}

// The gradient of <dy, A x> by the weight, from all tasks. Their ranges must tile the weight.
template <class Scalar, class Kernel>
MatrixX<Scalar> weight_gradient(const Kernel& kernel, const MatrixX<Scalar>& x, const MatrixX<Scalar>& dy, Index size) {
  KernelScratch<Scalar> scratch;
  MatrixX<Scalar> g = MatrixX<Scalar>::Constant(size, 1, Scalar(77));
  MatrixX<int> written = MatrixX<int>::Zero(size, 1);
  for (const bool accumulate : {false, true})  // the second round doubles the result
    for (Index task = 0; task < kernel.outer_tasks(); ++task) {
      const auto range = kernel.outer_range(task);
      REQUIRE(range.first >= 0);
      REQUIRE(range.first + range.count <= size);
      written.block(range.first, 0, range.count, 1).array() += 1;
      kernel.outer(task, x.data(), dy.data(), x.cols(), g.data() + range.first, accumulate, scratch);
    }
  CHECK((written.array() == 2).all());
  return g / 2;
}

template <class Scalar, class L>
void check_batch(const L& layer, Shape in, Index batch, double bound) {
  const Shape out = layer.output(in);
  const WeightShape shape = layer.weight_shape(in);
  const Index weights = shape.rows * shape.cols;
  INFO(layer.name().view() << " on " << in.text().view() << ", batch " << batch);
  const MatrixX<Scalar> w = values<Scalar>(weights, 1, 1), v = values<Scalar>(weights, 1, 2);
  const MatrixX<Scalar> x = values<Scalar>(in.size(), batch, 3), y = values<Scalar>(out.size(), batch, 4);
  const auto kernel = layer.template kernel<Scalar>(in, w.data());
  const MatrixX<Scalar> forth = apply<Scalar>(kernel, x, out.size()), back = adjoint<Scalar>(kernel, y, in.size());
  const double scale = length(forth) * length(y) + length(back) * length(x);
  REQUIRE(std::isfinite(scale));
  CHECK(scale > 0);
  CHECK(std::abs(dot(forth, y) - dot(x, back)) <= bound * scale);

  // The product is linear in the weight, so <G, V> is <y, A x> with any other weight V.
  const MatrixX<Scalar> g = weight_gradient<Scalar>(kernel, x, y, weights);
  if (weights == 0) return;
  const MatrixX<Scalar> other = apply<Scalar>(layer.template kernel<Scalar>(in, v.data()), x, out.size());
  CHECK(std::abs(dot(g, v) - dot(other, y)) <= bound * (length(g) * length(v) + length(other) * length(y)));
}

// A batch so large that products which are split by samples are split.
template <class L>
Index large_batch(const L& layer, Shape in) {
  const WeightShape shape = layer.weight_shape(in);
  const MatrixX<double> w = MatrixX<double>::Zero(shape.rows * shape.cols, 1);
  const auto kernel = layer.template kernel<double>(in, w.data());
  Index batch = 6;
  while (batch < 9000 && (kernel.apply_tasks(batch) < 3 || kernel.adjoint_tasks(batch) < 3)) batch += batch / 2;
  return batch < 9000 ? batch : 6;
}

template <class L>
void check_layer(const L& layer, Shape in) {
  REQUIRE(layer.output(in).is_static());
  CHECK(layer.template kernel<double>(in, static_cast<const double*>(nullptr)).work() > 0);
  for (const Index batch : {Index{1}, Index{2}, Index{5}, large_batch(layer, in)})
    check_batch<double>(layer, in, batch, 1e-12);
  check_batch<float>(layer, in, 3, 1e-5);
}

}  // namespace

TEST_CASE("every linear layer has its adjoint and the gradient of its weight") {
  each_linear([](const auto& layer, Shape in) { check_layer(layer, in); });
}

TEST_CASE("so has every mirrored layer, which returns the original's input shape") {
  each_linear([]<class L>(const L& layer, Shape in) {
    const Shape out = layer.output(in);
    detail::Mirrored<L, false> mirrored{layer};
    mirrored.original = in;
    INFO(mirrored.name().view() << " on " << out.text().view());
    CHECK(mirrored.output(out) == in);
    const WeightShape own = mirrored.weight_shape(out), original = layer.weight_shape(in);
    CHECK((own.rows == original.rows && own.cols == original.cols));
    CHECK((own.fan_in == original.fan_out && own.fan_out == original.fan_in));
    CHECK(mirrored.bias_size(in) == (layer.bias_size(out) > 0 ? layer.bias_size(in) : 0));
    check_layer(mirrored, out);
    if constexpr (requires { layer.mirror(in); }) CHECK(layer.mirror(in).output(out) == in);
  });
}

TEST_CASE("a layer refuses what it cannot take, and keeps unknown sizes unknown") {
  each_linear([](const auto& layer, Shape in) {
    INFO(layer.name().view());
    CHECK_FALSE(layer.output(Shape::none()).is_possible());
    CHECK(layer.output({Dynamic, Dynamic, Dynamic}).is_possible());
    CHECK(layer.output({Dynamic, Dynamic, in.channels}).is_possible());
    CHECK(layer.output(in).fits(layer.output({in.height, in.width, Dynamic})));
  });
}
