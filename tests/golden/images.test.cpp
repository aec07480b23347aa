// Layers of images agree with libtorch's, as generate_images.cpp wrote them to data/. Dropout2d is left out: in
// inference it is nothing, and in training it draws.
#include "golden/golden.hpp"

using namespace golden;

namespace {

const Conv2d three_channels{3, 3, Same{}};  // kernel 3 x 3
const Conv2d half_size{3, 3, Stride{2}, Same{}};
const Conv2d last{2, 3, Same{}};

/// An autoencoder of the squared error, in double.
auto learner(const auto& encoder, const auto& decoder) {
  return Autoencoder{encoder, decoder, SquaredError{}, Precision<double>{}};
}

}  // namespace

TEST_CASE("convolutions agree with libtorch") {
  const Fixture fixture("images");
  const Sgd slow{.learning_rate = 0.005};
  const auto conv = learner(Encoder{Image{7, 6, 2}, Conv2d{3, 3, Stride{2}, Padding{1}}, Tanh{}},
                            Decoder{ConvTranspose2d{2, 3, Stride{2}, Padding{1}, OutputPadding{0, 1}}});
  check_passes(fixture, "conv", conv);
  check_training(fixture, "conv", conv, slow);

  check_passes(fixture, "conv_dilation_groups",
               learner(Encoder{Image{6, 5, 4}, Conv2d{6, 3, Padding{1}, Dilation{2}, Groups{2}}, Tanh{}},
                       Decoder{ConvTranspose2d{4, 3, Padding{1}, Dilation{2}, Groups{2}}}));

  check_passes(fixture, "conv_rectangle",
               learner(Encoder{Image{5, 6, 2},
                               Conv2d{3, 3, KernelWidth{2}, Stride{2, 1}, Padding{1, 0}, Dilation{1, 2}, WithoutBias{}},
                               Tanh{}},
                       Decoder{ConvTranspose2d{2, 3, KernelWidth{2}, Stride{2, 1}, Padding{1, 0}, Dilation{1, 2},
                                               WithoutBias{}}}));

  // An odd number of zeros: the extra one is after the image.
  const Dilation gaps{3, 1};
  check_passes(fixture, "conv_same",
               learner(Encoder{Image{6, 4, 2}, half_size, Tanh{}, Conv2d{4, 2, Same{}}},
                       Decoder{ConvTranspose2d{3, 2, Same{}}, Tanh{}, ConvTranspose2d{3, 3, Stride{2}, Same{}}, Tanh{},
                               Conv2d{3, 2, KernelWidth{3}, gaps, Same{}}, Tanh{},
                               ConvTranspose2d{2, 2, KernelWidth{3}, gaps, Same{}}}));

  check_passes(fixture, "conv_mirror",
               learner(Encoder{Image{6, 5, 2}, Conv2d{4, 3, Stride{2}, Groups{2}}, Tanh{}, three_channels}, Mirror{}));

  const auto tied = learner(Encoder{Image{6, 4, 2}, half_size, Tanh{}, Conv2d{4, 3, Same{}}}, TiedMirror{});
  check_passes(fixture, "conv_tied", tied);
  check_training(fixture, "conv_tied", tied, slow);
}

TEST_CASE("pooling agrees with libtorch") {
  const Fixture fixture("images");
  const auto check = [&](const char* name, const auto& pool) {
    check_passes(fixture, name, learner(Encoder{Image{7, 6, 2}, three_channels, Tanh{}, pool}, Mirror{}));
  };
  check("max_pool", MaxPool2d{2});
  check("max_pool_overlap", MaxPool2d{3, Stride{2}, Padding{1}});
  check("max_pool_dilation", MaxPool2d{3, KernelWidth{2}, Stride{1, 2}, Padding{1, 0}, Dilation{2, 3}});
  check("average_pool", AveragePool2d{2});
  check("average_pool_overlap", AveragePool2d{3, KernelWidth{2}, Stride{2, 1}, Padding{1}});

  check_passes(fixture, "max_unpool",
               learner(Encoder{Image{7, 6, 2}, three_channels, Tanh{}, MaxPool2d{2}},
                       Decoder{Conv2d{3, 1}, MaxUnpool2d<AtLayer<2>>{}, last}));
  check_passes(fixture, "max_pool_ties",
               learner(Encoder{Image{4, 6, 2}, Conv2d{2, 1}, MaxPool2d{2}},
                       Decoder{Conv2d{2, 1}, MaxUnpool2d<AtLayer<1>>{}, last}));
}

TEST_CASE("interpolation agrees with libtorch") {
  const Fixture fixture("images");
  const auto check = [&](const char* name, const auto& image, const auto& up) {
    check_passes(fixture, name, learner(Encoder{image, half_size, Tanh{}}, Decoder{up, last}));
  };
  const Image even{6, 4, 2}, odd{7, 5, 2};
  check("upsample_nearest", even, Upsample{2});
  check("upsample_bilinear", even, Upsample{2, Bilinear{}});
  check("upsample_nearest_to", odd, UpsampleTo{7, 5});
  check("upsample_bilinear_to", odd, UpsampleTo{7, 5, Bilinear{}});

  check_passes(fixture, "shrink_bilinear",
               learner(Encoder{odd, three_channels, UpsampleTo{3, 4, Bilinear{}}},
                       Decoder{UpsampleTo{7, 5, Bilinear{}}, last}));
  check_passes(fixture, "shrink_area",
               learner(Encoder{odd, three_channels, UpsampleTo{3, 4, Area{}}}, Decoder{UpsampleTo{7, 5}, last}));
  check_passes(fixture, "upsample_mirror",
               learner(Encoder{Image{3, 4, 2}, three_channels, Tanh{}, Upsample{2, Bilinear{}}}, Mirror{}));
}

TEST_CASE("pixel shuffle agrees with libtorch") {
  const Fixture fixture("images");
  const auto shuffled = learner(Encoder{Image{6, 4, 2}, half_size, Tanh{}},
                                Decoder{Conv2d{12, 3, Same{}}, PixelShuffle{2}, Tanh{}, last});
  check_passes(fixture, "pixel_shuffle", shuffled);
  check_training(fixture, "pixel_shuffle", shuffled, Sgd{.learning_rate = 0.005});
  check_passes(fixture, "pixel_shuffle_mirror",
               learner(Encoder{Image{3, 4, 2}, Conv2d{8, 3, Same{}}, Tanh{}, PixelShuffle{2}, three_channels},
                       Mirror{}));
}

TEST_CASE("normalized images agree with libtorch") {
  const Fixture fixture("images");
  const Sgd slow{.learning_rate = 0.005};
  const auto batch = learner(Encoder{Image{4, 3, 2}, Conv2d{5, 3, Same{}, WithoutBias{}},
                                     BatchNorm{.momentum = 0.3, .epsilon = 1e-2}, Tanh{}, three_channels},
                             Mirror{});
  check_passes(fixture, "batch_norm", batch);
  check_training(fixture, "batch_norm", batch, slow);

  check_passes(fixture, "layer_norm",
               learner(Encoder{Image{4, 3, 2}, Conv2d{5, 3, Same{}}, LayerNorm2d{.epsilon = 1e-2}, Tanh{},
                               three_channels},
                       Mirror{}));
}

TEST_CASE("residual blocks and skips agree with libtorch") {
  const Fixture fixture("images");
  const Sgd slow{.learning_rate = 0.005};
  const auto residual = learner(
      Encoder{Image{4, 3, 2}, three_channels, Tanh{},
              Residual{Conv2d{3, 3, Same{}, WithoutBias{}}, BatchNorm{}, Tanh{}, three_channels}},
      Mirror{});
  check_passes(fixture, "residual", residual);
  check_training(fixture, "residual", residual, slow);

  const auto skips = learner(
      Encoder{Image{6, 4, 2}, three_channels, Tanh{}, Conv2d{4, 3, Stride{2}, Same{}}, Tanh{}, Conv2d{4, 3, Same{}}},
      Decoder{SkipAdd<AtLayer<2>>{}, Tanh{}, ConvTranspose2d{2, 3, Stride{2}, Same{}}, Tanh{},
              SkipConcatenate<AtLayer<1>>{}, last});
  check_passes(fixture, "skips", skips);
  check_training(fixture, "skips", skips, slow);
}

TEST_CASE("a convolutional autoencoder agrees with libtorch for ten steps of Adam") {
  const Fixture fixture("images");
  const LeakyRelu activation{.negative_slope = 0.2};
  const WithoutBias no_bias;
  const auto model = learner(
      Encoder{Image{8, 8, 2}, Conv2d{4, 3, Same{}, no_bias}, BatchNorm{}, activation, MaxPool2d{2},
              Conv2d{6, 3, Stride{2}, Same{}, no_bias}, BatchNorm{}, activation, Dense{5, no_bias}},
      Mirror{});
  check_passes(fixture, "autoencoder", model);
  check_training(fixture, "autoencoder", model, Adam{.learning_rate = 0.01});
}
