// The gradient law for layers on images and for skip layers, in double, against central differences.
//
// Where the two largest values of a pooling window are about equal, a central difference jumps from one to the other,
// with an error near 1: models that pool have a seed whose parameters keep away from such points.
#include <cmath>
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/gradient_check.hpp"
#include "laws/list.hpp"

using namespace laws;

namespace {

template <class L, class M>
void check_layer(const L& layer, const M& mirror, std::uint64_t seed) {
  // A convolution before the layer, so that the gradient of its input matters too.
  Autoencoder model{Encoder{Image{6, 5, 2}, Conv2d{4, 1}, layer, Tanh{}, Conv2d{2, 1}}, mirror, SquaredError{},
                    Precision<double>{}};
  check_gradient(model, Text::of(detail::part_name(layer), M::tied ? ", tied" : "").view(), seed);
}

template <class E, class D>
void check_model(const char* name, std::uint64_t seed = 5) {
  Autoencoder<E, D, SquaredError, Precision<double>> model;
  check_gradient(model, name, seed);
}

}  // namespace

TEST_CASE("gradients of layers on images, and of their mirror images") {
  each_image_layer([](const auto& layer, std::uint64_t seed) { check_layer(layer, Mirror{}, seed); });
}
TEST_CASE("gradients of layers on images whose mirror images share their weight") {
  each_image_layer([]<class L>(const L& layer, std::uint64_t seed) {
    if constexpr (requires { requires L::has_weight; }) check_layer(layer, TiedMirror{}, seed);
  });
}

TEST_CASE("gradients of residual stacks") {
  using Inner = Residual<Conv2d<4, 1>, Gelu>;
  check_model<Encoder<Image<5, 4, 3>, Residual<Conv2d<4, 3, Same>, Tanh, Inner, Conv2d<3, 3, Same>>, Dense<4>>,
              Decoder<Dense<60>>>("first in the encoder, another one inside");
  // Without a bias, whose gradient vanishes before a normalization.
  using Normed = Residual<Conv2d<4, 3, Same, WithoutBias>, BatchNorm, Tanh,
                          Residual<Conv2d<4, 1, WithoutBias>, BatchNorm>, Conv2d<4, 1>>;
  check_model<Encoder<Image<5, 4, 2>, Conv2d<4, 2>, Gelu, Normed, Relu, Dense<3>>, Decoder<Mirror>>("mirrored");
  check_model<Encoder<Image<5, 4, 2>, Conv2d<4, 2>, Gelu, Normed, Relu, Dense<3>>, Decoder<TiedMirror>>("tied");
  check_model<Encoder<Input<6>, Residual<Dense<6>, Tanh>, Residual<Dense<4>, Silu, Dense<6>>>, Decoder<TiedMirror>>(
      "the code is a sum");
  check_model<Encoder<Input<6>, Dense<4>, Residual<LayerNorm, Tanh>>, Decoder<Mirror>>("nothing linear inside");
  check_model<Encoder<Input<6>, Dense<6>, Tanh>, Decoder<Residual<Dense<4>, Gelu, Dense<6>>>>("all of the decoder");
  check_model<Encoder<Input<6>, Dense<6>>, Decoder<Residual<Tanh, Dense<6>>>>(
      "the sum reads the code, then an activation");
  check_model<Encoder<Input<6>, Dense<5>, Residual<Tanh, Gelu>, Dense<4>>, Decoder<Residual<Gelu>, Dense<6>>>(
      "activations alone");
  check_model<Encoder<Image<6, 6, 2>, Residual<MaxPool2d<3, Stride<1>, Same>, Conv2d<2, 1>>, Dense<3>>,
              Decoder<Mirror>>("pooling inside");
}

TEST_CASE("gradients of skip connections") {
  using Image = eigencoder::Image<5, 4, 2>;
  using Two = Encoder<Image, Conv2d<4, 2>, Tanh, Conv2d<3, 2>, Gelu, Conv2d<3, 1>>;
  check_model<Two, Decoder<Conv2d<3, 1>, SkipAdd<AtLayer<3>>, ConvTranspose2d<4, 2>, SkipAdd<AtLayer<1>>, Tanh,
                           ConvTranspose2d<2, 2>>>("outputs of activations");
  check_model<
      Two, Decoder<SkipAdd<AtLayer<2>>, Tanh, ConvTranspose2d<4, 2>, SkipAdd<AtLayer<0>>, Gelu, ConvTranspose2d<2, 2>>>(
      "inputs of activations, one that saves its output and one that saves its input");
  check_model<Two, Decoder<SkipConcatenate<AtLayer<2>>, ConvTranspose2d<4, 2>, SkipConcatenate<AtLayer<0>>,
                           SkipConcatenate<AtLayer<1>>, Gelu, ConvTranspose2d<2, 2>>>("concatenated, two in a row");
  check_model<Two, Decoder<SkipAdd<AtLayer<4>>, SkipConcatenate<AtLayer<4>>, Tanh, SkipConcatenate<AtLayer<4>>,
                           ConvTranspose2d<5, 2>, ConvTranspose2d<2, 2>>>("the code itself, three times");
  check_model<Encoder<Image, Conv2d<4, 2>, SkipConcatenate<AtLayer<0>>, Conv2d<3, 2>>,
              Decoder<ConvTranspose2d<4, 2>, SkipAdd<AtLayer<0>>, SkipAdd<AtLayer<3>>, ConvTranspose2d<2, 2>>>(
      "one layer read from both sides of the code, and a layer of the decoder");
  check_model<Encoder<Image, Conv2d<4, 2>, BatchNorm, Relu, Dropout, Conv2d<3, 2>>,
              Decoder<ConvTranspose2d<4, 2>, SkipAdd<AtLayer<1>>, SkipConcatenate<AtLayer<3>>, LayerNorm2d,
                      SkipAdd<AtLayer<7>>, ConvTranspose2d<2, 2>>>("outputs of normalization and dropout");
  check_model<Encoder<Input<6>, Tanh, Dense<6>>, Decoder<SkipAdd<AtLayer<0>>, Dense<6>, SkipAdd<AtLayer<0>>>>(
      "an activation that nothing linear precedes, and a sum at the end");
  check_model<Encoder<Input<6>, Dense<6>, Gelu, Dense<6>>, Decoder<Mirror, SkipAdd<AtLayer<1>>, Tanh, Dense<6>>>(
      "after a mirror");
}

TEST_CASE("gradients of unpooling") {
  using Pooled = Encoder<Image<7, 6, 3>, Conv2d<4, 3>, Tanh, MaxPool2d<2>, Conv2d<4, 1>>;
  check_model<Pooled, Decoder<MaxUnpool2d<AtLayer<2>>, ConvTranspose2d<3, 3>>>("what it needs and no more", 3);
  check_model<Pooled, Decoder<MaxUnpool2d<AtLayer<2>>, SkipAdd<AtLayer<1>>, Gelu, ConvTranspose2d<3, 3>>>(
      "then a skip", 3);
  check_model<Pooled, Decoder<SkipAdd<AtLayer<2>>, MaxUnpool2d<AtLayer<2>>, SkipConcatenate<AtLayer<0>>,
                              ConvTranspose2d<3, 3>>>("the pooled values read too", 3);
  check_model<Encoder<Image<6, 6, 2>, MaxPool2d<2>, Conv2d<3, 2>, MaxPool2d<2, Stride<1>>>,
              Decoder<MaxUnpool2d<AtLayer<2>>, Tanh, ConvTranspose2d<2, 2>, MaxUnpool2d<AtLayer<0>>, Conv2d<2, 1>>>(
      "first and last in the encoder, one with overlap", 3);
}

// Sums over a quarter of a million positions: floats added one after another would have errors of percents.
TEST_CASE("gradients in float are those in double on large images") {
  const auto gradient = []<class Scalar>(Scalar) {
    using Normed = Encoder<Image<512, 512, 1>, Conv2d<3, 3, Stride<4>, Same>, BatchNorm, Tanh>;
    Autoencoder<Normed, Decoder<ConvTranspose2d<1, 4, Stride<4>>>, SquaredError, Precision<Scalar>> model;
    const MatrixX<Scalar> inputs = samples<Scalar>(512 * 512, 2, false);
    const MatrixX<Scalar> targets = MatrixX<Scalar>::Constant(512 * 512, 2, Scalar(-0.3));
    VectorX<Scalar> g = VectorX<Scalar>::Zero(static_cast<Index>(model.parameters().size()));
    model.gradient(inputs, targets, {g.data(), static_cast<std::size_t>(g.size())});
    VectorX<double> values(model.parameter_count());
    Index filled = 0;
    for (const auto& block : model.layout().blocks())
      for (Index i = 0; i < block.size(); ++i) values[filled++] = static_cast<double>(g[block.offset + i]);
    return values;
  };
  const VectorX<double> exact = gradient(0.0), rounded = gradient(0.0F);
  CHECK((rounded - exact).cwiseAbs().maxCoeff() <= 1e-5 * exact.cwiseAbs().maxCoeff());
  const Index bias = exact.size() - 1;  // that of the last layer, a sum over all positions
  CHECK(std::abs(rounded[bias] - exact[bias]) <= 1e-5 * std::abs(exact[bias]));
}
