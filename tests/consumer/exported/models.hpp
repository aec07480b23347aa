#pragma once

#include <eigencoder/eigencoder.hpp>

// Models in which every layer, loss and bottleneck that a header can hold has its part.
namespace models {

using namespace eigencoder;

template <class S>
using Activations =
    Autoencoder<Encoder<Input<21>, Gelu, Dense<16>, Relu, Dense<17>, LeakyRelu, Dense<16>, Elu, Dense<15>, Selu,
                        Dense<6>>,
                Decoder<Silu, Dense<16>, Softplus, Dense<13>, Tanh, Dense<9>, Sigmoid, Identity,
                        Dense<21, WithoutBias>>,
                Gaussian, Precision<S>>;

template <class S>
using Convolutions = Autoencoder<
    Encoder<Image<11, 8, 4>, Conv2d<6, 3, Stride<2>, Same, Groups<2>>, BatchNorm, Relu,
            Conv2d<8, 3, Dilation<2>, Padding<2>, KernelWidth<2>>, LayerNorm2d, AveragePool2d<3, Stride<2>, Padding<1>>,
            Dropout2d, MaxPool2d<2, Stride<1>, Same>, Conv2d<8, 2, Groups<8>, WithoutBias>, LayerNorm, Dense<7>,
            Dropout>,
    Decoder<Mirror>, Bernoulli, Precision<S>>;

template <class S>
using Transposed = Autoencoder<
    Encoder<Image<12, 12, 3>, Residual<Conv2d<3, 3, Same>, Tanh>, UpsampleTo<7, 5, Bilinear>, UpsampleTo<3, 4, Area>,
            Dense<8>>,
    Decoder<Dense<36>, Reshape<3, 3, 4>, ConvTranspose2d<6, 4, Stride<2>, Same, Groups<2>>, Relu, Upsample<2, Bilinear>,
            ConvTranspose2d<5, 3, Stride<1>, Padding<1>, Dilation<2>>, Upsample<1>, Relu,
            ConvTranspose2d<3, 3, Stride<2>, Padding<5>, OutputPadding<1>>, Conv2d<3, 3, Padding<0>, KernelWidth<3>>,
            UpsampleTo<12, 12>>,
    Categorical, Precision<S>>;

template <class S>
using Shuffled = Autoencoder<
    Encoder<Image<5, 4, 2>, Conv2d<12, 3, Same>, PixelShuffle<2>, Relu, UpsampleTo<6, 7, Bicubic>, Dense<8>>,
    Decoder<Mirror, PixelShuffle<1>, Upsample<2, Bicubic>, UpsampleTo<5, 4, Bicubic>>, SquaredError, Precision<S>>;

template <class S>
using MirroredTransposed =
    Autoencoder<Encoder<Image<8, 8, 2>, ConvTranspose2d<3, 3, Stride<2>>, Relu, Dense<4>>, Decoder<Mirror>,
                SquaredError, Precision<S>>;

template <class S>
using Tied = Autoencoder<Encoder<Image<6, 7, 4>, Conv2d<6, 3, Stride<2>, Padding<1>, Groups<2>>, Softplus,
                                 ConvTranspose2d<4, 3, Stride<2>, Groups<2>>, Tanh, Dense<9>, Relu,
                                 Dense<5, WithoutBias>>,
                         Decoder<TiedMirror>, SquaredError, Precision<S>>;

// A Dropout after a layer that a later one reads, an empty residual, unpooling and skips across the code.
template <class S>
using Skips = Autoencoder<
    Encoder<Image<8, 8, 2>, Conv2d<4, 3, Same>, Relu, MaxPool2d<3, Stride<2>, Padding<1>>,
            Residual<Conv2d<4, 3, Same>, BatchNorm, Relu, Residual<Dropout>, Conv2d<4, 3, Same>>, Dropout, Relu,
            Dense<10>, Tanh>,
    Decoder<Residual<Dense<10>, Relu>, Dense<64>, Reshape<4, 4, 4>, SkipAdd<AtLayer<2>>, Relu, MaxUnpool2d<AtLayer<2>>,
            SkipConcatenate<AtLayer<1>>, Conv2d<2, 3, Same>>,
    Huber, Precision<S>>;

template <class S>
using Sparsest = Autoencoder<Encoder<Input<24>, Dense<40>, JumpRelu, Dense<50>, TopK<9>, Dense<32>, BatchTopK<4>>,
                             Decoder<Dense<24>>, AbsoluteError, Precision<S>>;

template <class S>
using Quantized = Autoencoder<Encoder<Image<6, 6, 2>, Conv2d<8, 3, Stride<2>, Same>>, Decoder<Mirror>, LearnedGaussian,
                              VectorQuantized<11>, Precision<S>>;

template <class S>
using Drawn = Autoencoder<Encoder<Input<24>, Dense<12>, Relu, Dense<3>>, Decoder<Mirror>, Bernoulli, Variational<>,
                          Precision<S>>;

// An output of another shape than the input's.
template <class S>
using Enlarging = Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<12, 3, Same>, Relu>,
                              Decoder<Upsample<2>, Conv2d<4, 3, Same>>, Categorical, Target<Image<12, 10, 4>>,
                              Precision<S>>;

// Sizes that are values.
template <class S>
auto by_value() {
  return Autoencoder{Encoder{Input{20}, Dense{13}, LeakyRelu{.negative_slope = 0.3}, Dense{4}}, Mirror{},
                     SquaredError{}, Precision<S>{}};
}

}  // namespace models
