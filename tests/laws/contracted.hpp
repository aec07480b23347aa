#pragma once

// Models whose encoders have a Jacobian for each sample, for every kind of layer and every algorithm.
#include <eigencoder/model/autoencoder.hpp>

#include "laws/list.hpp"

namespace laws {

/// An encoder and a decoder. With parameters from `seed` no value is close to a kink.
template <class E, class D, std::uint64_t Seed = 5>
struct Contracted {
  using Encoder = E;
  using Decoder = D;
  static constexpr std::uint64_t seed = Seed;
  template <class... Policies>
  using Model = Autoencoder<E, D, SquaredError, Policies..., Precision<double>>;
};

using Deep = Encoder<Input<6>, Dense<5>, Tanh, Dense<4>, Elu, Dense<3>, Sigmoid>;
using Curved = Encoder<Input<6>, Gelu, Dense<5>, Softplus, Silu, Dense<4>, LayerNorm, Dense<3>>;
using Kinked = Encoder<Input<6>, Dense<5>, LeakyRelu, Dense<5, WithoutBias>, Relu, Dense<3>, Selu, Identity>;
using Residues =
    Encoder<Input<5>, Residual<Dense<5>, Tanh, Dense<5>>, Residual<Tanh, Residual<Dense<5>, Sigmoid>>, Dense<3>>;
using Strided = Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Padding<1>>, Tanh, LayerNorm2d, Conv2d<3, 2>, Sigmoid>;
using Pooled = Encoder<Image<6, 6, 2>, Conv2d<3, 3, Same>, Gelu, MaxPool2d<2>,
                       Residual<Conv2d<3, 3, Same>, LayerNorm2d, Tanh>, Dense<3>, Sigmoid>;
using Reading = Encoder<Image<4, 4, 2>, Conv2d<3, 3, Same>, MaxPool2d<2>, Tanh, MaxUnpool2d<AtLayer<1>>,
                        SkipAdd<AtLayer<0>>, SkipConcatenate<AtLayer<0>>, AveragePool2d<2>, Sigmoid,
                        Upsample<2, Bilinear>, Reshape<2, 4, 12>, ConvTranspose2d<2, 2>, Conv2d<2, 3>, Gelu>;
using Selecting = Encoder<Input<6>, Dense<9>, Tanh, TopK<4>, Dense<7>, JumpRelu, Dense<3>>;

using ContractedModels =
    List<Contracted<Deep, Decoder<Mirror>>, Contracted<Deep, Decoder<TiedMirror>>,
         Contracted<Curved, Decoder<TiedMirror, Tanh, Dense<6>>>, Contracted<Kinked, Decoder<Dense<6>>>,
         Contracted<Residues, Decoder<Dense<5>>>,
         Contracted<Encoder<Image<3, 2, 2>, LayerNorm, Dense<5>, Tanh>, Decoder<TiedMirror>>,
         Contracted<Encoder<Input<6>, Dense<5>, Tanh, LayerNorm>, Decoder<Mirror>>,
         Contracted<Strided, Decoder<TiedMirror>>, Contracted<Pooled, Decoder<Dense<72>, Reshape<6, 6, 2>>>,
         Contracted<Reading, Decoder<Dense<32>, Reshape<4, 4, 2>>>, Contracted<Selecting, Decoder<Dense<6>>>>;

}  // namespace laws
