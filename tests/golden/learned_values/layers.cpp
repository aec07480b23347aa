// Layers on vectors, decoders and losses.
#include "golden/learned_values/trainer.hpp"

namespace golden {

template <class Scalar>
void train_layers(const Trainer<Scalar>& train) {
  using P = Precision<Scalar>;
  const P precision;
  const SquaredError squared_error;
  using Mlp = Encoder<Input<9>, Dense<7>, Tanh, Dense<4>>;

  train("rectifiers",
        Autoencoder<Encoder<Input<9>, Dense<8>, Relu, Dense<7>, Identity, Dense<7>, LeakyRelu, Dense<6>, Elu, Dense<4>>,
                    Decoder<Mirror>, SquaredError, P>{});
  train("smooth_rectifiers",
        Autoencoder<Encoder<Input<9>, Dense<8>, Gelu, Dense<7>, Silu, Dense<6>, Softplus, Dense<4>>, Decoder<Mirror>,
                    SquaredError, P>{});
  train("saturating", Autoencoder<Encoder<Input<9>, Dense<8>, Selu, Dense<6>, Sigmoid, Dense<4>, Tanh>,
                                  Decoder<Mirror, Sigmoid>, SquaredError, P>{});
  train("activations_by_value",
        Autoencoder{Encoder{Input{9}, Dense{8}, LeakyRelu{.negative_slope = 0.2}, Dense{6, Initializer::he_uniform()},
                            Elu{.alpha = 0.7}, Dense{4, Initializer::lecun_normal()}},
                    Mirror{}, squared_error, precision});

  train("mirror", Autoencoder<Mlp, Decoder<Mirror>, SquaredError, P>{});
  train("tied_mirror", Autoencoder<Mlp, Decoder<TiedMirror>, SquaredError, P>{});
  train("listed_decoder", Autoencoder<Mlp, Decoder<Dense<6>, Gelu, Dense<9>>, SquaredError, P>{});
  train("without_bias", Autoencoder<Encoder<Input<9>, Dense<7, WithoutBias>, Tanh, Dense<4, WithoutBias>>,
                                    Decoder<Mirror>, SquaredError, P>{});
  train("tied_without_bias",
        Autoencoder<Encoder<Input<9>, Dense<7, WithoutBias>, Tanh, Dense<4>>, Decoder<TiedMirror>, SquaredError, P>{});

  train("batch_norm",
        Autoencoder<Encoder<Input<9>, Dense<7>, BatchNorm, Tanh, Dense<4>>, Decoder<Mirror>, SquaredError, P>{});
  train("layer_norm", Autoencoder<Encoder<Input<9>, LayerNorm, Dense<7>, LayerNorm, Tanh, Dense<4>>,
                                  Decoder<TiedMirror>, SquaredError, P>{});
  train("dropout",
        Autoencoder<Encoder<Input<9>, Dense<7>, Dropout, Gelu, Dense<4>>, Decoder<Mirror>, SquaredError, P>{});
  train("normalization_by_value",
        Autoencoder{Encoder{Input{9}, Dense{7}, BatchNorm{.momentum = 0.3, .epsilon = 1e-2}, Tanh{}, Dense{6},
                            LayerNorm{.epsilon = 1e-2}, Silu{}, Dropout{.rate = 0.2}, Dense{4}},
                    Mirror{}, squared_error, precision});

  train("top_k", Autoencoder<Encoder<Input<9>, Dense<12>, TopK<3>>, Decoder<Dense<9>>, SquaredError, P>{});
  train("top_k_hidden",
        Autoencoder<Encoder<Input<9>, Dense<8>, TopK<4>, Tanh, Dense<4>>, Decoder<Mirror>, SquaredError, P>{});
  train("batch_top_k", Autoencoder<Encoder<Input<9>, Dense<12>, BatchTopK<3>>, Decoder<TiedMirror>, SquaredError, P>{});
  train("selecting_by_value", Autoencoder{Encoder{Input{9}, Dense{12}, BatchTopK{6, 0.3}, Dense{8}, TopK{4}}, Mirror{},
                                          squared_error, precision});
  train("jump_relu", Autoencoder{Encoder{Input{9}, Dense{12}, JumpRelu{.initial_threshold = 0.2, .bandwidth = 0.2}},
                                 Mirror{}, squared_error, precision});

  train("residual", Autoencoder<Encoder<Input<9>, Residual<Dense<9>, Tanh, Residual<Dense<9>, Gelu>>, Dense<4>>,
                                Decoder<Mirror>, SquaredError, P>{});
  train("residual_tied", Autoencoder<Encoder<Input<9>, Residual<LayerNorm, Dense<9>, Tanh>, Dense<4>>,
                                     Decoder<TiedMirror, Residual<Dense<9>, Silu>>, SquaredError, P>{});
  train("skip",
        Autoencoder<Mlp, Decoder<Dense<7>, SkipAdd<AtLayer<1>>, Tanh, Dense<5>, SkipConcatenate<AtLayer<0>>, Dense<9>>,
                    SquaredError, P>{});

  const Encoder encoder{Input{9}, Dense{6}, Tanh{}, Dense{3}};
  train("absolute_error", Autoencoder{encoder, Mirror{}, AbsoluteError{}, precision});
  train("huber", Autoencoder{encoder, Mirror{}, Huber{.delta = 0.1}, precision});
  train("bernoulli", Autoencoder{encoder, Mirror{}, Bernoulli{}, precision});
  train("categorical", Autoencoder{encoder, Mirror{}, Categorical{}, precision});
  train("categorical_of_image",
        Autoencoder<Encoder<Image<2, 2, 3>, Dense<5>, Tanh>, Decoder<Dense<12>>, Categorical, P>{});
  train("gaussian", Autoencoder{encoder, Mirror{}, Gaussian{.variance = 0.3}, precision});
  train("learned_gaussian", Autoencoder{encoder, Mirror{}, LearnedGaussian{.initial_variance = 0.5}, precision});
}

template void train_layers(const Trainer<EIGENCODER_GOLDEN_SCALAR>&);

}  // namespace golden
