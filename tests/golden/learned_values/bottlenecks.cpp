// Codes that are drawn or quantized.
#include "golden/learned_values/trainer.hpp"

namespace golden {

template <class Scalar>
void train_bottlenecks(const Trainer<Scalar>& train) {
  using P = Precision<Scalar>;
  const P precision;
  using Mlp = Encoder<Input<9>, Dense<7>, Tanh, Dense<4>>;
  const auto with = [&](const auto& loss, const auto& policy) {
    return Autoencoder{Mlp{}, Mirror{}, loss, policy, precision};
  };

  train("variational", with(Bernoulli{}, Variational<>{}));
  train("variational_two_codes", with(Gaussian{.variance = 0.2}, Variational{KullbackLeibler{.beta = 0.5}, 2}));
  train("variational_linear_annealing",
        with(LearnedGaussian{.initial_variance = 0.2},
             Variational{KullbackLeibler<LinearAnnealing>{.beta = 2, .free_bits = 0.05, .annealing = {.steps = 15}}}));
  train("variational_cyclical_annealing",
        with(Bernoulli{}, Variational{KullbackLeibler<CyclicalAnnealing>{.annealing = {.period = 8, .ramp = 0.6}}}));
  train("variational_convolution",
        Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Same>, BatchNorm, Relu, Conv2d<2, 2>>,
                    Decoder<Mirror>, Bernoulli, Variational<>, P>{});
  train("maximum_mean_discrepancy", with(SquaredError{}, Variational<MaximumMeanDiscrepancy>{}));
  train("maximum_mean_discrepancy_two_codes",
        Autoencoder{Mlp{}, TiedMirror{}, Bernoulli{}, Variational{MaximumMeanDiscrepancy{.weight = 3}, 2}, precision});
  train("importance_weighted", with(Bernoulli{}, ImportanceWeighted{3}));
  train("importance_weighted_doubly_reparameterized",
        with(LearnedGaussian{}, ImportanceWeighted{4, CodeGradient::doubly_reparameterized}));

  train("vector_quantized", with(SquaredError{}, VectorQuantized<5>{}));
  train("vector_quantized_groups",
        with(SquaredError{}, VectorQuantized{.codes = 6, .groups = 2, .commitment = 0.5, .decay = 0.8}));
  train("vector_quantized_revived", with(Huber{}, VectorQuantized<12>{.decay = 0.7, .revive_below = 0.4}));
  train("vector_quantized_image",
        Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Same>, Gelu, Conv2d<3, 1>>, Decoder<Mirror>,
                    Bernoulli, VectorQuantized<7>, P>{VectorQuantized<7>{.decay = 0.9, .revive_below = 0}});

  train("variational_mixture", Autoencoder{Encoder{Input{9}, Dense{8}, Relu{}, Dense{4}}, Mirror{}, Bernoulli{},
                                           Denoising{Masking{.rate = 0.3}}, Sparse<L1, AtLayer<1>>{L1{.weight = 1e-2}},
                                           Contractive{Probes{2}, 1e-2}, Variational{KullbackLeibler{.beta = 0.5}},
                                           WeightDecay<>{.weight = 0.01}, precision});
}

template void train_bottlenecks(const Trainer<EIGENCODER_GOLDEN_SCALAR>&);

}  // namespace golden
