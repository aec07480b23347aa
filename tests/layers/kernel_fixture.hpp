#pragma once

#include <eigencoder/extend/linear_layer.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

namespace eigencoder {

// Runs every task of a product; its regions must tile the result.
template <class Scalar, class Kernel>
MatrixX<Scalar> apply(const Kernel& kernel, const MatrixX<Scalar>& x, Index outputs) {
  KernelScratch<Scalar> scratch;
  MatrixX<Scalar> y = MatrixX<Scalar>::Constant(outputs, x.cols(), Scalar(77));
  MatrixX<int> written = MatrixX<int>::Zero(outputs, x.cols());
  for (Index task = 0; task < kernel.apply_tasks(x.cols()); ++task) {
    const auto r = kernel.apply(task, x.data(), y.data(), x.cols(), scratch);
    for (Index j = r.col; j < r.col + r.cols; ++j)
      for (Index i = r.row; i < r.row + r.rows; ++i) ++written.data()[j * r.height + i];
  }
  CHECK((written.array() == 1).all());
  return y;
}
template <class Scalar, class Kernel>
MatrixX<Scalar> adjoint(const Kernel& kernel, const MatrixX<Scalar>& y, Index inputs) {
  return apply<Scalar>(detail::Transposed<Kernel>{kernel}, y, inputs);
}

// <A x, y> = <x, A^T y> for a layer without a weight.
template <class Scalar = double, class L>
void check_adjoint(const L& layer, Shape in, Index batch, double bound = 1e-13) {
  const Shape out = layer.output(in);
  REQUIRE(out.is_static());
  INFO(layer.name().view() << " on " << in.text().view() << ", batch " << batch);
  const auto kernel = layer.template kernel<Scalar>(in, static_cast<const Scalar*>(nullptr));
  const MatrixX<Scalar> x = laws::samples<Scalar>(in.size(), batch, false, 1);
  const MatrixX<Scalar> y = laws::samples<Scalar>(out.size(), batch, false, 2);
  const double forth = static_cast<double>(apply<Scalar>(kernel, x, out.size()).cwiseProduct(y).sum());
  const double back = static_cast<double>(adjoint<Scalar>(kernel, y, in.size()).cwiseProduct(x).sum());
  CHECK(forth == Approx(back).epsilon(bound));
  CHECK(kernel.outer_tasks() == 0);
  CHECK(kernel.work() > 0);
}

template <class L>
MatrixX<double> applied(const L& layer, Shape in, const MatrixX<double>& x) {
  return apply<double>(layer.template kernel<double>(in, static_cast<const double*>(nullptr)), x,
                       layer.output(in).size());
}

}  // namespace eigencoder
