#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>

#include "support/catch.hpp"

#include <vector>

using namespace eigencoder;

namespace {

// Adds up the gradients of two blocks.
class Sums final : public GradientSink<double> {
 public:
  Sums(Index weight, Index bias) : blocks_{std::vector<double>(at(weight)), std::vector<double>(at(bias))} {}

  GradientSlice open(ContributionOrder, Index block, Index first, Index, Buffer<double>&) override {
    return {blocks_[at(block)].data() + first, true};
  }
  void close(ContributionOrder, Index, Index, Index, double*) override {}
  const std::vector<double>& operator[](Index block) const { return blocks_[at(block)]; }

 private:
  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }
  std::vector<double> blocks_[2];
};

template <class Layer>
void check_parts(const Layer& layer, Shape in, Index batch, bool cut) {
  const Shape out = layer.output(in);
  const WeightShape shape = layer.weight_shape(in);
  const Index size = shape.rows * shape.cols, period = layer.bias_size(out);
  const MatrixX<double> weight = MatrixX<double>::Random(size, 1), x = MatrixX<double>::Random(in.size(), batch),
                        dz = MatrixX<double>::Random(out.size(), batch);
  const auto kernel = layer.template kernel<double>(in, weight.data());
  CHECK((detail::batch_parts(kernel, batch) > 1) == cut);

  MatrixX<double> expected = MatrixX<double>::Zero(size, 1), expected_bias = MatrixX<double>::Zero(period, 1);
  KernelScratch<double> scratch;
  for (Index j = 0; j < batch; ++j) {
    for (Index task = 0; task < kernel.outer_tasks(); ++task)
      kernel.outer(task, x.col(j).data(), dz.col(j).data(), 1, expected.data() + kernel.outer_range(task).first, true,
                   scratch);
    for (Index i = 0; i < out.size(); ++i) expected_bias(i % period) += dz(i, j);
  }

  std::vector<Sums> found;
  for (const int team : {1, 2, 3}) {
    Workspace<double> workspace(team);
    const Pass<double> pass{workspace, batch, true};
    found.emplace_back(size, period);
    for (int times = 0; times < 2; ++times)  // the second is added to the first
      detail::linear_backward(pass, kernel, LinearBlocks{0, 1, period}, {in.size(), out.size()}, x.data(), dz.data(),
                              static_cast<double*>(nullptr), found.back());
    CHECK(found.back()[0] == found.front()[0]);
    CHECK(found.back()[1] == found.front()[1]);
  }
  for (Index i = 0; i < size; ++i)
    CHECK(std::abs(found[0][0][static_cast<std::size_t>(i)] - 2 * expected(i)) < 1e-10 * (1 + std::abs(expected(i))));
  for (Index i = 0; i < period; ++i)
    CHECK(std::abs(found[0][1][static_cast<std::size_t>(i)] - 2 * expected_bias(i)) < 1e-10);
}

}  // namespace

TEST_CASE("gradients of weight and bias are sums over the samples, in parts or not, for any team") {
  check_parts(Conv2d<8, 5, Same>{}, {24, 24, 3}, 13, true);
  check_parts(Conv2d<8, 5, Same>{}, {9, 9, 3}, 8, false);
  check_parts(Conv2d<16, 3, Stride<2>>{}, {31, 21, 12}, 37, true);
  check_parts(Conv2d<6, 3, Same, Groups<3>>{}, {40, 40, 12}, 23, true);
  check_parts(ConvTranspose2d<3, 4, Stride<2>, Padding<1>>{}, {16, 16, 20}, 19, true);
  check_parts(Conv2d<640, 1>{}, {8, 8, 900}, 16, true);
  check_parts(Dense<60>{}, Shape::flat(70), 2100, true);
  check_parts(Dense<300>{}, Shape::flat(70), 1000, false);
}
