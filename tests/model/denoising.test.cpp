// What a policy that corrupts changes in training, and what it does not.
#include <eigencoder/eigencoder.hpp>

#include <functional>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace denoising_test {
namespace {

using Matrix = MatrixX<double>;
using Coder = Encoder<Input<6>, Dense<4>, Tanh>;
using Function = std::function<void(double*, Shape, Random&)>;

template <class M>
double objective(const M& model, const Matrix& inputs, const Matrix& targets, std::uint64_t step = 0) {
  std::vector<double> unused(model.parameters().size());
  return model.gradient(inputs, targets, unused, 1, step);
}

}  // namespace

TEST_CASE("a capturing function corrupts the inputs of training; the targets stay clean") {
  Index calls = 0;
  const Autoencoder<Coder, Decoder<Mirror>, SquaredError, Precision<double>, Denoising<Function>> model{
      Denoising<Function>{[&calls](double* sample, Shape shape, Random&) {
        ++calls;
        std::fill_n(sample, shape.size(), 0.25);
      }}};
  const Autoencoder<Coder, Decoder<Mirror>, SquaredError, Precision<double>> plain;
  const Matrix x = laws::samples(6, 5, false), corrupted = Matrix::Constant(6, 5, 0.25);
  CHECK(objective(model, x, x) == objective(plain, corrupted, x));
  CHECK(calls == 5);
  CHECK(model.evaluate(x).loss == plain.evaluate(x).loss);
  CHECK(calls == 5);  // evaluation does not corrupt
  CHECK_THROWS_AS((Autoencoder<Coder, Decoder<Mirror>, SquaredError, Precision<double>, Denoising<Function>>{}),
                  OptionError);
}

TEST_CASE("inputs are corrupted anew at each step, also beside given targets") {
  const Autoencoder<Coder, Decoder<Mirror>, SquaredError, Precision<double>, Denoising<Masking>> model;
  const Matrix x = laws::samples(6, 5, false), t = laws::samples(6, 5, false, 3);
  CHECK(objective(model, x, x, 1) == objective(model, x, x, 1));
  CHECK(objective(model, x, x, 1) != objective(model, x, x, 2));
  CHECK(objective(model, x, t, 1) != objective(model, x, t, 2));
}

TEST_CASE("weights for corrupted values need an elementwise loss") {
  using Weighted = Autoencoder<Coder, Decoder<Mirror>, Categorical, Denoising<Masking>>;
  CHECK_NOTHROW(Weighted{});
  CHECK_THROWS_AS((Weighted{Denoising<Masking>{.intact_weight = 0.5}}), OptionError);
  using LearnedVariance = Autoencoder<Coder, Decoder<Mirror>, LearnedGaussian, Denoising<Masking>>;
  CHECK_THROWS_AS((LearnedVariance{Denoising<Masking>{.intact_weight = 0.5}}), OptionError);
}

}  // namespace denoising_test
