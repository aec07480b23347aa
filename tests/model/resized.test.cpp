// One model for images of any size.
#include <eigencoder/layers/pixel_shuffle.hpp>
#include <eigencoder/model/resized.hpp>
#include <eigencoder/model/target.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace resized_test {
namespace {

/// Every kind of layer that serves any size, with values that are no defaults.
auto mirrored(Index height, Index width) {
  return Autoencoder{
      Encoder{Image{height, width, 2}, Conv2d{6, 3, Same{}, WithoutBias{}}, BatchNorm{.momentum = 0.3},
              LeakyRelu{.negative_slope = 0.3}, MaxPool2d{2}, LayerNorm2d{.epsilon = 1e-2},
              Residual{Conv2d{6, 3, Same{}}, Gelu{}, Residual<Tanh, Conv2d<6, 1>>{}, Conv2d{6, 3, Same{}}},
              Conv2d{8, 3, Stride{2}, Same{}}, Tanh{}, PixelShuffle{2}, Dropout2d{.rate = 0.2}, Conv2d{3, 2}},
      Decoder{Mirror{}, Sigmoid{}}, SquaredError{}, WeightDecay<>{.weight = 0.01}, Augmented{HorizontalFlip{}}};
}
auto listed(Index height, Index width) {
  return Autoencoder{
      Encoder{Image{height, width, 2}, Conv2d{6, 3, Same{}}, Relu{}, MaxPool2d{2}, Conv2d{6, 3, Same{}},
              AveragePool2d{2}, Conv2d{4, 3, Same{}}},
      Decoder{Residual{Conv2d{4, 3, Same{}}, Relu{}}, ConvTranspose2d{6, 3, Stride{2}, Same{}},
              MaxUnpool2d<AtLayer<2>>{}, SkipConcatenate<AtLayer<1>>{}, Conv2d{12, 3, Stride{2}, Same{}},
              PixelShuffle{2}, Conv2d{2, 3, Stride{2}, Same{}}, Upsample{2, Bicubic{}}, SkipConcatenate<AtLayer<0>>{},
              Conv2d{2, 1}},
      SquaredError{}, Denoising{GaussianNoise{.stddev = 0.2}}};
}

auto enlarging(Index height, Index width) {
  return Autoencoder{Encoder{Image{height, width, 2}, Conv2d{8, 3, Same{}}}, Decoder{PixelShuffle{2}, Conv2d{3, 1}},
                     SquaredError{}, Target{Image{2 * height, 2 * width, 3}}};
}

template <class Model>
void copy_values(const Model& from, Model& to) {
  std::copy(from.parameters().begin(), from.parameters().end(), to.parameters().begin());
  std::copy(from.statistics().begin(), from.statistics().end(), to.statistics().begin());
}

/// A trained model at another size is the one that is built there, with the same values.
void check_resized(const auto& build) {
  auto model = build(8, 12);
  const MatrixX<float> small_images = unit_samples(8 * 12 * 2, 20), large_images = unit_samples(16 * 20 * 2, 3);
  const FitOptions<float> options{.epochs = 2, .batch_size = 5, .seed = 3};
  model.fit(small_images, Adam{}, options);

  const auto large = resized(model, 16, 20);
  STATIC_REQUIRE(std::is_same_v<decltype(large), const decltype(model)>);
  CHECK(large.input_shape() == Shape{16, 20, 2});
  CHECK(large.epochs().size() == 2);
  CHECK(model.input_shape() == Shape{8, 12, 2});
  auto built = build(16, 20);
  CHECK(large.reconstruct(large_images) != built.reconstruct(large_images));
  copy_values(model, built);
  CHECK(bits(large) == bits(built));
  CHECK(large.reconstruct(large_images) == built.reconstruct(large_images));
  CHECK(large.summary() == built.summary());

  // And back; the state of training came along.
  auto back = resized(large, 8, 12);
  CHECK(back.reconstruct(small_images) == model.reconstruct(small_images));
  back.fit(small_images, Adam{}, options);
  model.fit(small_images, Adam{}, options);
  CHECK(bits(back) == bits(model));
  CHECK(back.epochs().size() == 4);
}

}  // namespace

TEST_CASE("a target gets the sides of what the decoder returns, which valid convolutions do not scale") {
  const Autoencoder model{Encoder{Image{20, 20, 1}, Conv2d{4, 5}}, Decoder{Conv2d{1, 3}}, SquaredError{},
                          Target{Image{14, 14, 1}}};
  CHECK(resized(model, 40, 30).target_shape() == Shape{34, 24, 1});
}

TEST_CASE("a target grows with the images") {
  const auto model = enlarging(8, 12);
  const auto large = resized(model, 20, 14);
  CHECK(large.target_shape() == Shape{40, 28, 3});
  auto built = enlarging(20, 14);
  copy_values(model, built);
  const MatrixX<float> images = unit_samples(20 * 14 * 2, 3);
  CHECK(large.reconstruct(images) == built.reconstruct(images));
}

TEST_CASE("a model serves images of another size with the same learned values") {
  check_resized(mirrored);
  check_resized(listed);
}

TEST_CASE("a bottleneck of images is resized with its model") {
  const MatrixX<float> images = unit_samples(6 * 4 * 2, 20);
  const auto check = [&](const auto& policy) {
    Autoencoder model{Encoder{Image{6, 4, 2}, Conv2d{5, 3, Same{}}, Tanh{}, Conv2d{4, 3, Stride{2}, Same{}}}, Mirror{},
                      SquaredError{}, policy};
    model.fit(images, Adam{}, {.epochs = 2, .batch_size = 5});
    const auto large = resized(model, 10, 14);
    CHECK(bits(large) == bits(model));
    CHECK(large.code_size() == 5 * 7 * 4);
    CHECK(resized(large, 6, 4).reconstruct(images) == model.reconstruct(images));
  };
  check(Variational<>{});
  check(VectorQuantized<7>{});
}

TEST_CASE("sizes of a model may be values in part") {
  Image<Dynamic, Dynamic, 3> image;
  image.height = image.width = 6;
  const Autoencoder model{Encoder{image, Conv2d<4, 3, Same>{}}, Mirror{}, SquaredError{}};
  const auto larger = resized(model, 7, 9);
  CHECK(larger.input_shape() == Shape{7, 9, 3});
  CHECK(bits(larger) == bits(model));
}

TEST_CASE("a model that another size would change is refused with the reason") {
  const auto message = [](const auto& model, Index height, Index width) {
    return thrown<CompositionError>([&] { resized(model, height, width); });
  };
  const SquaredError loss;
  const Autoencoder dense{Encoder{Image{4, 6, 2}, Conv2d{3, 3, Same{}}, Dense{5}}, Mirror{}, loss};
  CHECK(message(dense, 8, 8) ==
        "eigencoder: a model of images can be resized if no type and no learned value depends on their size. Dense{5}: "
        "got learned values for each position of an image, expected learned values that serve all positions, as those "
        "of Conv2d");
  CHECK(message(dense, 4, 6).empty());
  CHECK(says(message(dense, 3, 8), {"Dense{5}: got learned values"}));  // as many pixels
  const Autoencoder pooled{Encoder{Image{4, 6, 2}, Conv2d{3, 3, Same{}}, UpsampleTo{1, 1, Area{}}, Dense{5}}, Mirror{},
                           loss};
  CHECK(message(pooled, 9, 7).empty());

  const Autoencoder norm{Encoder{Image{4, 6, 2}, Conv2d{3, 3, Same{}}, LayerNorm{}}, Mirror{}, loss};
  CHECK(says(message(norm, 8, 8), {"LayerNorm: got learned values for each position"}));
  CHECK(says(message(norm, 6, 4), {"LayerNorm"}));
  const Autoencoder learned{Encoder{Image{4, 6, 2}, Conv2d{3, 3, Same{}}}, Mirror{}, LearnedGaussian{}};
  CHECK(message(learned, 8, 8).empty());
  const Autoencoder fixed{Encoder{Image{4, 6, 2}, Conv2d{3, 3, Stride{2}, Same{}}},
                          Decoder{UpsampleTo{4, 6}, Conv2d{2, 1}}, loss};
  CHECK(says(message(fixed, 8, 12), {"the decoder must return the input's shape", "got 4x6x2", "expected 8x12x2"}));
  const Autoencoder skip{Encoder{Image{4, 6, 2}, Conv2d{4, 1}, Conv2d{3, 3, Stride{2}, Same{}}},
                         Decoder{Upsample{2}, SkipConcatenate<AtLayer<0>>{}, Conv2d{2, 1}}, loss};
  CHECK(says(message(skip, 5, 6), {"SkipConcatenate<AtLayer<0>>", "got 6x6x3"}));
  CHECK(says(message(skip, 0, 6), {"Image{0, 6, 2}", "positive"}));
  CHECK(says(message(skip, Dynamic, 6), {"no size"}));
  const Autoencoder valid{Encoder{Image{4, 6, 2}, Conv2d{3, 3}}, Mirror{}, loss};
  CHECK(says(message(valid, 2, 9), {"Conv2d{3, 3}", "an image of at least 3x3"}));

  auto moved = valid;
  const auto taken = std::move(moved);
  CHECK(says(thrown<OptionError>([&] { resized(moved, 8, 8); }), {"moved from"}));
}

}  // namespace resized_test
