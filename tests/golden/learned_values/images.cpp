// Layers on images, and augmentation.
#include "golden/learned_values/trainer.hpp"

namespace golden {

template <class Scalar>
void train_images(const Trainer<Scalar>& train) {
  using P = Precision<Scalar>;
  const P precision;
  const SquaredError squared_error;

  train("convolution",
        Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Same>, BatchNorm, LeakyRelu, Dense<4>>,
                    Decoder<Mirror, Sigmoid>, SquaredError, P>{});
  train("convolution_tied", Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Same, Groups<2>>, Gelu, Conv2d<3, 2>>,
                                        Decoder<TiedMirror>, Huber, P>{});
  train("convolution_options",
        Autoencoder<Encoder<Image<6, 7, 2>, Conv2d<4, 3, KernelWidth<2>, Dilation<2>, Padding<1>, WithoutBias>, Tanh,
                            Conv2d<4, 2, Stride<2, 1>, Groups<4>>, LayerNorm2d, Silu, Dense<5>>,
                    Decoder<Mirror>, SquaredError, P>{});
  train("convolution_by_value",
        Autoencoder{Encoder{Image{7, 6, 2}, Conv2d{4, 3, Stride{2}, Same{}}, BatchNorm{.momentum = 0.2}, Tanh{},
                            Conv2d{6, 2, Groups{2}, WithoutBias{}}, LayerNorm2d{.epsilon = 1e-2}, Dense{4}},
                    Decoder{Mirror{}, Sigmoid{}}, squared_error, precision});
  train("transposed_convolution",
        Autoencoder<Encoder<Image<6, 6, 2>, Conv2d<4, 3, Stride<2>, Padding<1>>, Gelu, Dense<9>>,
                    Decoder<Reshape<3, 3, 1>, ConvTranspose2d<4, 3, Stride<2>, Padding<1>, OutputPadding<1>>, Tanh,
                            ConvTranspose2d<2, 3, Same, Groups<2>>>,
                    SquaredError, P>{});
  train("transposed_convolution_mirrored",
        Autoencoder<Encoder<Image<3, 4, 2>, ConvTranspose2d<3, 2, Stride<2>, WithoutBias>, Softplus, Conv2d<2, 3>>,
                    Decoder<Mirror>, SquaredError, P>{});

  train("pooling", Autoencoder<Encoder<Image<7, 6, 2>, Conv2d<4, 3, Same>, Tanh, MaxPool2d<2>, Conv2d<3, 2>,
                                       AveragePool2d<2, Stride<1>>, Dense<4>>,
                               Decoder<Mirror>, SquaredError, P>{});
  train("pooling_by_value", Autoencoder{Encoder{Image{7, 6, 2}, MaxPool2d{3, Stride{2}, Same{}}, Conv2d{3, 2},
                                                AveragePool2d{3, Stride{2}, Padding{1}}, Dense{4}},
                                        Mirror{}, squared_error, precision});
  train("unpooling",
        Autoencoder<Encoder<Image<6, 6, 2>, Conv2d<3, 3, Same>, Tanh, MaxPool2d<2>, Conv2d<4, 1>>,
                    Decoder<Conv2d<3, 1>, MaxUnpool2d<AtLayer<2>>, Conv2d<2, 3, Same>>, SquaredError, P>{});
  train("upsampling", Autoencoder<Encoder<Image<4, 6, 2>, Conv2d<3, 2, Stride<2>>, Elu, Dense<6>>,
                                  Decoder<Reshape<1, 2, 3>, Upsample<2>, Conv2d<4, 1>, Upsample<2, Bilinear>, Tanh,
                                          UpsampleTo<4, 6, Area>, Conv2d<2, 3, Same>>,
                                  SquaredError, P>{});
  train("upsampling_by_value",
        Autoencoder{Encoder{Image{5, 5, 2}, UpsampleTo{3, 4, Area{}}, Conv2d{3, 2}, Gelu{}},
                    Decoder{UpsampleTo{4, 4, Bilinear{}}, Conv2d{2, 1}, Upsample{2}, UpsampleTo{5, 5, Nearest{}}},
                    squared_error, precision});
  train("upsampling_mirrored", Autoencoder<Encoder<Image<3, 3, 2>, Upsample<2, Bilinear>, Conv2d<3, 3>, Tanh, Dense<4>>,
                                           Decoder<Mirror>, SquaredError, P>{});
  train("reshape", Autoencoder<Encoder<Input<12>, Reshape<3, 2, 2>, Conv2d<4, 2>, Tanh, Dense<3>>, Decoder<Mirror>,
                               SquaredError, P>{});

  train("layer_norm_2d", Autoencoder<Encoder<Image<5, 4, 2>, Conv2d<4, 2>, LayerNorm2d, Gelu, Dense<4>>,
                                     Decoder<TiedMirror>, SquaredError, P>{});
  train("dropout_2d",
        Autoencoder<Encoder<Image<5, 4, 2>, Conv2d<4, 2>, Dropout2d, Tanh, Dense<4>>, Decoder<Mirror>, Bernoulli, P>{});
  train("jump_relu_on_channels", Autoencoder{Encoder{Image{5, 4, 2}, Conv2d{4, 2},
                                                     JumpRelu{.initial_threshold = 0.1, .bandwidth = 0.3}, Dense{4}},
                                             Mirror{}, squared_error, precision});
  train("residual_convolution",
        Autoencoder<
            Encoder<Image<5, 4, 3>, Residual<Conv2d<4, 3, Same, WithoutBias>, BatchNorm, Relu, Conv2d<3, 3, Same>>,
                    Conv2d<4, 2>, Residual<LayerNorm2d, Gelu, Conv2d<4, 1>>, Dense<4>>,
            Decoder<Mirror>, SquaredError, P>{});
  train("restorer",
        Autoencoder<Encoder<Image<6, 6, 1>, Conv2d<3, 3, Same>, Relu, MaxPool2d<2>, Conv2d<4, 3, Same>, Relu>,
                    Decoder<Residual<Conv2d<4, 3, Same>, Relu, Conv2d<4, 3, Same>>, ConvTranspose2d<3, 2, Stride<2>>,
                            SkipConcatenate<AtLayer<1>>, Conv2d<3, 1>, SkipAdd<AtLayer<0>>, Relu, Conv2d<1, 3, Same>>,
                    SquaredError, P>{});

  using Small = Encoder<Image<6, 5, 3>, Conv2d<4, 3, Stride<2>, Same>, Tanh, Dense<4>>;
  train("geometric_augmentation", Autoencoder<Small, Decoder<Mirror>, SquaredError,
                                              Augmented<HorizontalFlip, VerticalFlip, Shift, Crop, Rotation>, P>{
                                      Augmented<HorizontalFlip, VerticalFlip, Shift, Crop, Rotation>{
                                          {}, {}, {.pixels = 1}, {.smallest = 0.7}, {.degrees = 20}}});
  train("color_augmentation",
        Autoencoder<Small, Decoder<Mirror>, Bernoulli, Augmented<Brightness, Saturation, Hue>, P>{});
}

template void train_images(const Trainer<EIGENCODER_GOLDEN_SCALAR>&);

}  // namespace golden
