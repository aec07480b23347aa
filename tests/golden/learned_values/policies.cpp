// Corruptions and penalties.
#include "golden/learned_values/trainer.hpp"

namespace golden {

template <class Scalar>
void train_policies(const Trainer<Scalar>& train) {
  using P = Precision<Scalar>;
  const P precision;
  const SquaredError squared_error;
  using Mlp = Encoder<Input<9>, Dense<7>, Tanh, Dense<4>>;
  using Small = Encoder<Image<6, 5, 3>, Conv2d<4, 3, Stride<2>, Same>, Tanh, Dense<4>>;
  const auto on_image = [&](const auto& policy) {
    return Autoencoder{Small{}, Mirror{}, squared_error, policy, precision};
  };
  const auto on_vector = [&](const auto&... policies) {
    return Autoencoder{Mlp{}, Mirror{}, squared_error, policies..., precision};
  };

  train("no_corruption", on_vector(Denoising<NoCorruption>{}));
  train("masking", on_vector(Denoising<Masking>{}));
  train("masking_emphasized", on_vector(Denoising{Masking{.rate = 0.4, .value = 0.5}, 2, 0.5}));
  train("gaussian_noise", on_vector(Denoising{GaussianNoise{.stddev = 0.2}}));
  train("own_corruption", on_vector(Denoising{[](auto* sample, Shape shape, Random& random) {
          sample[random.below(static_cast<std::uint32_t>(shape.size()))] = 0;
        }}));
  train("masking_of_pixels", on_image(Denoising{Masking{.rate = 0.3, .whole_pixels = true}}));
  train("gaussian_noise_clipped", on_image(Denoising{GaussianNoise{.stddev = 0.3, .clipped = true}, 1.5, 0.5}));
  train("salt_and_pepper", on_image(Denoising{SaltAndPepper{.rate = 0.2, .low = 0.1, .whole_pixels = true}, 3, 1}));
  train("block_erasure", on_image(Denoising{BlockErasure{.height = 3, .width = 2, .blocks = 2, .value = 0.5}, 1, 0}));

  train("weight_decay", on_vector(WeightDecay<>{.weight = 0.1}));
  train("weight_decay_at_layers", on_vector(WeightDecay<AtLayer<2>>{.weight = 0.3}, WeightDecay<>{.weight = 0.05}));
  train("weight_decay_tied", Autoencoder{Mlp{}, TiedMirror{}, squared_error, WeightDecay<>{.weight = 0.1}, precision});
  train("l1", on_vector(Sparse{L1{.weight = 0.05}}));
  train("l1_at_layers",
        on_vector(Sparse<L1, AtLayer<1>>{L1{.weight = 0.05}}, Sparse<L1, AtLayer<4>>{L1{.weight = 0.02}}));
  train("kl_sparsity", Autoencoder{Encoder{Input{9}, Dense{7}, Sigmoid{}}, Mirror{}, squared_error,
                                   Sparse{KlSparsity{.target = 0.1, .weight = 0.3}}, precision});
  const JumpRelu jump_relu{.initial_threshold = 0.2, .bandwidth = 0.3};
  train("l0", Autoencoder{Encoder{Input{9}, Dense{12}, jump_relu}, Decoder{Dense{9}}, squared_error,
                          Sparse{L0{.weight = 0.1}}, precision});
  train("l0_with_target", Autoencoder{Encoder{Input{9}, Dense{12}, jump_relu, Dense{4}}, Mirror{}, squared_error,
                                      Sparse<L0, AtLayer<1>>{L0{.weight = 1, .target = 3}}, precision});

  const AuxiliaryTopK auxiliary{.k = 3, .weight = 0.5, .patience = 12};
  train("auxiliary_top_k",
        Autoencoder{Encoder{Input{9}, Dense{16}, TopK{2}}, Decoder{Dense{9}}, squared_error, auxiliary, precision});
  train("auxiliary_batch_top_k",
        Autoencoder<Encoder<Input<9>, Dense<16>, BatchTopK<2>>, Decoder<Mirror>, SquaredError, AuxiliaryTopK, P>{
            auxiliary});

  train("contractive", on_vector(Contractive<>{}));
  train("contractive_one_layer",
        Autoencoder<Encoder<Input<9>, Dense<7>, Sigmoid>, Decoder<TiedMirror>, SquaredError, Contractive<>, P>{});
  train("contractive_probes", on_vector(Contractive{Probes{2}, 0.3}));
  train("contractive_hessian", on_vector(Contractive{Exact{}, 0.1, 0.5, 0.2, 2}));
  train("contractive_probes_hessian",
        Autoencoder{Encoder{Input{9}, Dense{7}, Gelu{}, LayerNorm{}, Dense{4}, Softplus{}}, TiedMirror{}, squared_error,
                    Contractive{Probes{3}, 0.2, 0.4}, precision});
  train("contractive_convolution", Autoencoder<Encoder<Image<5, 4, 2>, Conv2d<4, 3, Same>, Gelu, MaxPool2d<2>,
                                                       Residual<Conv2d<4, 1>, LayerNorm2d, Tanh>, Dense<3>, Sigmoid>,
                                               Decoder<Mirror>, SquaredError, Contractive<>, P>{});
  train("contractive_residual",
        Autoencoder<Encoder<Input<6>, Residual<Dense<6>, Tanh, Dropout, Dense<6>>, Dense<8>, TopK<4>, Dense<3>, Elu>,
                    Decoder<Dense<6>>, SquaredError, Contractive<Probes>, P>{});
  train("everything_on_the_input",
        Autoencoder{Small{}, TiedMirror{}, Bernoulli{}, Augmented{HorizontalFlip{}, Shift{.pixels = 1}},
                    Denoising{Masking{.rate = 0.2}}, WeightDecay<AtLayer<0>>{.weight = 0.1}, Sparse{L1{.weight = 0.01}},
                    Contractive{Probes{1}, 0.01}, precision});
}

template void train_policies(const Trainer<EIGENCODER_GOLDEN_SCALAR>&);

}  // namespace golden
