// Built with macros of Eigen's that change its types or what a new matrix holds, see CMakeLists.txt: results are as
// without them.
#include <cmath>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/cifar10.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

static_assert(Eigen::MatrixXf::IsRowMajor && std::is_same_v<Index, int>, "compile this with the macros");
static_assert(!MatrixX<float>::IsRowMajor);

namespace {

using Model = Autoencoder<Encoder<Input<5>, Dense<3>, Tanh>, Decoder<Dense<5>>, SquaredError, Precision<double>>;

MatrixX<double> data() {
  MatrixX<double> x(5, 14);
  for (Index j = 0; j < x.cols(); ++j)
    for (Index i = 0; i < x.rows(); ++i) x(i, j) = std::sin(1.0 + 3 * i + 0.7 * j * (i + 1));
  return x;
}

}  // namespace

TEST_CASE("a batch is encoded as its samples alone are, and as the weights say") {
  Model model;
  const MatrixX<double> x = data(), codes = model.encode(x), all = model.reconstruct(x);
  const auto& weight = model.layout().blocks()[0];
  const auto& bias = model.layout().blocks()[1];
  REQUIRE((weight.rows == 3 && weight.cols == 5));
  for (Index j = 0; j < x.cols(); ++j) {
    CHECK(all.col(j).isApprox(model.reconstruct(x.col(j)), 1e-14));
    for (Index i = 0; i < 3; ++i) {
      double sum = model.parameters()[static_cast<std::size_t>(bias.offset + i)];
      for (Index k = 0; k < 5; ++k)
        sum += model.parameters()[static_cast<std::size_t>(weight.offset + i * 5 + k)] * x(k, j);
      CHECK(codes(i, j) == Approx(std::tanh(sum)).epsilon(1e-13));
    }
  }
}

TEST_CASE("training lowers the loss that the reconstructions have") {
  Model model;
  const MatrixX<double> x = data();
  const double before = model.evaluate(x).loss;
  model.fit(x, Adam{.learning_rate = 0.01}, {.epochs = 60, .batch_size = 4});
  const MatrixX<double> off = model.reconstruct(x) - x;
  CHECK(model.evaluate(x).loss < before / 2);
  CHECK(model.evaluate(x).loss == Approx(off.squaredNorm() / static_cast<double>(x.cols())));
}

TEST_CASE("samples keep their values through splits and scalings") {
  const MatrixX<double> x = data();
  const Split parts = split(x.cols(), 0.3, 5);
  const MatrixX<double> some = take(x, parts.test);
  REQUIRE(some.cols() == 4);
  for (Index k = 0; k < 4; ++k) CHECK(some.col(k) == x.col(parts.test[static_cast<std::size_t>(k)]));
  const auto scaling = standard_scaling(View<double>(x));
  const MatrixX<double> scaled = scaling.transform(x);
  CHECK(std::abs(scaled.row(2).sum()) < 1e-12);
  CHECK(scaled.row(2).squaredNorm() == Approx(14));
  CHECK(scaling.inverse_transform(scaled).isApprox(x, 1e-12));
}

TEST_CASE("files of more bytes than an index counts are refused") {
  const TemporaryFolder folder;
  const auto sparse = [&](const Bytes& start, std::uintmax_t bytes) {
    const std::string path = folder.put("large", start);
    std::error_code error;
    std::filesystem::resize_file(path, bytes, error);
    if (error) WARN("skipped: there can be no such file here: " << error.message());
    return error ? std::string() : path;
  };
  struct Case {
    const char *type, *shape;
    std::uintmax_t bytes;
  };
  for (const auto& [type, shape, bytes] :
       {Case{"|u1", "(4294967297, 1)", 4294967297}, Case{"|u1", "(2, 2200000000)", 4400000000},
        Case{"<f8", "(5, 300000000)", 12000000000}, Case{"|u1", "(1, 2147483648)", 2147483648}}) {
    const Bytes header = npy(dictionary(type, shape), {});
    if (const std::string path = sparse(header, header.size() + bytes); !path.empty())
      CHECK(says(thrown<FileError>([&] { NpySource{path}; }), {path, "counts to 2147483647"}));
  }
  const Bytes header = npy(dictionary("|u1", "(2147483647, 1)"), {});
  if (const std::string path = sparse(header, header.size() + 2147483647U); !path.empty())
    CHECK(NpySource(path).size() == 2147483647);
  if (const std::string path = sparse({}, std::uintmax_t{3073} * 698824); !path.empty())
    CHECK(says(thrown<FileError>([&] { Cifar10Source{path}; }), {path, "more records than"}));
}
