// Layers copied from one model to another.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/copy_layers.hpp>
#include <eigencoder/optimizers/adam.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "laws/samples.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace copy_layers_test {
namespace {

using laws::samples;
using Shared = Encoder<Input<7>, Dense<6>, BatchNorm, Tanh, Dense<3>>;
using From = Autoencoder<Shared, Decoder<Mirror>, LearnedGaussian, Variational<>>;
using To = Autoencoder<Shared, Decoder<Dense<7>>, SquaredError>;

From trained() {
  From model;
  model.initialize(4);
  model.fit(samples<float>(7, 20, false), Adam{}, {.epochs = 2, .batch_size = 5});
  return model;
}

std::vector<float> values(const auto& model) {
  std::vector<float> all(model.parameters().begin(), model.parameters().end());
  all.insert(all.end(), model.statistics().begin(), model.statistics().end());
  return all;
}

}  // namespace

TEST_CASE("an encoder is copied with its running statistics, and nothing else") {
  const From from = trained();
  To to;
  const To before = to;
  copy_layers(from, to, 0, 4);
  const MatrixX<float> x = samples<float>(7, 5, false);
  CHECK(to.encode(x) == from.encode(x));
  for (const ParameterBlock& block : to.layout().blocks())
    for (Index i = block.offset; block.layer >= 4 && i < block.offset + block.size(); ++i)
      CHECK(to.parameters()[static_cast<std::size_t>(i)] == before.parameters()[static_cast<std::size_t>(i)]);
}

TEST_CASE("a range of layers is copied, and none where it is empty") {
  const From from = trained();
  To to;
  const auto before = values(to);
  copy_layers(from, to, 2, 3);
  copy_layers(from, to, 3, 3);
  CHECK(values(to) == before);
  copy_layers(from, to, 3, 4);
  for (const ParameterBlock& block : to.layout().blocks()) {
    const auto first = to.parameters().begin() + block.offset;
    const bool unchanged = std::equal(first, first + block.size(), before.begin() + block.offset);
    CHECK(unchanged == (block.layer != 3));
  }
}

TEST_CASE("layers are copied between models of other scalars") {
  Autoencoder<Shared, Decoder<Dense<7>>, SquaredError, Precision<double>> to;
  const From from = trained();
  copy_layers(from, to, 0, 4);
  CHECK(to.parameters()[1] == double{from.parameters()[1]});
  const MatrixX<float> x = samples<float>(7, 5, false);
  CHECK(to.encode(x.cast<double>().eval()).isApprox(from.encode(x).cast<double>(), 1e-5));
}

TEST_CASE("training goes on after layers were copied") {
  const MatrixX<float> x = samples<float>(7, 20, false);
  To to;
  to.fit(x, Adam{}, {.epochs = 2});
  copy_layers(trained(), to, 0, 4);
  CHECK(to.epochs().size() == 2);
  CHECK_NOTHROW(to.fit(x, Adam{}, {.epochs = 1}));
}

TEST_CASE("layers that do not fit are refused by name, and nothing is copied") {
  const From from = trained();
  Autoencoder<Encoder<Input<7>, Dense<6>, BatchNorm, Tanh, Dense<4>>, Decoder<Dense<7>>, SquaredError> wider;
  Autoencoder<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>, Decoder<Dense<7>>, SquaredError> shorter;
  const auto before = values(wider), before_shorter = values(shorter);
  CHECK(says(thrown<ShapeError>([&] { copy_layers(from, wider, 0, 4); }), {"layer 3 (encoder.3)", "3 x 6", "4 x 6"}));
  CHECK(says(thrown<ShapeError>([&] { copy_layers(from, shorter, 0, 2); }), {"layer 1", "blocks of parameters"}));
  CHECK(values(wider) == before);
  CHECK(values(shorter) == before_shorter);
  CHECK(says(thrown<OptionError>([&] { copy_layers(from, wider, 0, 6); }), {"no layers 0 to 5", "5"}));
  CHECK_THROWS_AS(copy_layers(from, wider, -1, 1), OptionError);
  CHECK_THROWS_AS(copy_layers(from, wider, 2, 1), OptionError);
}

TEST_CASE("a mirrored weight is copied to the same map, square or not") {
  const auto agrees = []<class Mirrored, class Explicit>(Mirrored from, Explicit to) {
    from.initialize(3);
    const Index layers = 2, size = from.input_shape().size();
    copy_layers(from, to, 0, layers);
    const MatrixX<float> x = samples<float>(size, 5, false);
    CHECK(to.reconstruct(x).isApprox(from.reconstruct(x), 1e-5F));
    Mirrored back;
    copy_layers(to, back, 0, layers);
    CHECK(std::ranges::equal(back.parameters(), from.parameters()));
  };
  agrees(Autoencoder<Encoder<Input<3>, Dense<3>>, Decoder<Mirror>, SquaredError>{},
         Autoencoder<Encoder<Input<3>, Dense<3>>, Decoder<Dense<3>>, SquaredError>{});
  agrees(Autoencoder<Encoder<Input<5>, Dense<2>>, Decoder<Mirror>, SquaredError>{},
         Autoencoder<Encoder<Input<5>, Dense<2>>, Decoder<Dense<5>>, SquaredError>{});
}

TEST_CASE("values of the same sizes but another meaning are refused") {
  using Square = Autoencoder<Encoder<Image<9, 9, 1>, Conv2d<2, 3>>, Decoder<Dense<81>>, SquaredError>;
  using Wide = Autoencoder<Encoder<Image<9, 9, 1>, Conv2d<2, 1, KernelWidth<9>>>, Decoder<Dense<81>>, SquaredError>;
  Wide wide;
  const auto before = values(wide);
  CHECK(says(thrown<ShapeError>([&] { copy_layers(Square{}, wide, 0, 1); }),
             {"layer 0 (encoder.0)", "3x3 kernels", "1x9 kernels"}));
  CHECK(values(wide) == before);

  using Sample = Autoencoder<Encoder<Image<1, 1, 4>, LayerNorm, Dense<2>>, Decoder<Dense<4>>, SquaredError>;
  using Channels = Autoencoder<Encoder<Image<1, 1, 4>, LayerNorm2d, Dense<2>>, Decoder<Dense<4>>, SquaredError>;
  Channels channels;
  CHECK(says(thrown<ShapeError>([&] { copy_layers(Sample{}, channels, 0, 2); }),
             {"layer 0", "parameters of LayerNorm,", "those of LayerNorm2d"}));
}

TEST_CASE("layers are not copied into a model in training") {
  const From from = trained();
  To to;
  FitOptions<float> options{.epochs = 1};
  options.observer = [&](const EpochReport&) { copy_layers(from, to, 0, 4); };
  CHECK_THROWS_AS(to.fit(samples<float>(7, 20, false), Adam{}, options), ObserverError);
}

}  // namespace copy_layers_test
