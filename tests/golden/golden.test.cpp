// Values, gradients and ten training steps agree with libtorch's, which generate.cpp wrote to data/.
#include "golden/golden.hpp"

using namespace golden;

namespace {

constexpr Index values = 6;  // in a sample

auto mlp(const auto& loss, const auto&... policies) {
  return Autoencoder{Encoder{Input{values}, Dense{5}, Tanh{}, Dense{3}}, Mirror{}, loss, policies...,
                     Precision<double>{}};
}
auto tied(const auto&... policies) {
  return Autoencoder{Encoder{Input{values}, Dense{5}, Tanh{}, Dense{3}}, TiedMirror{}, SquaredError{},
                     policies..., Precision<double>{}};
}
auto layer_normed(const auto&... policies) {
  const LayerNorm hidden{.epsilon = 1e-2};
  return Autoencoder{Encoder{Input{values}, LayerNorm{}, Dense{5}, hidden, Tanh{}, Dense{3}}, Mirror{},
                     SquaredError{}, policies..., Precision<double>{}};
}

// The activation follows a hidden layer, with which it is fused, and the code.
template <Pointwise A>
void check_activation(const Fixture& fixture, const char* name, const A& activation) {
  check_passes(fixture, name,
               Autoencoder{Encoder{Input{values}, Dense{5}, activation, Dense{3}, activation}, Mirror{},
                           SquaredError{}, Precision<double>{}});
}

}  // namespace

TEST_CASE("activations agree with libtorch") {
  const Fixture fixture("activations");
  check_activation(fixture, "identity", Identity{});
  check_activation(fixture, "relu", Relu{});
  check_activation(fixture, "leaky_relu", LeakyRelu{.negative_slope = 0.2});
  check_activation(fixture, "elu", Elu{.alpha = 0.7});
  check_activation(fixture, "selu", Selu{});
  check_activation(fixture, "gelu", Gelu{});
  check_activation(fixture, "silu", Silu{});
  check_activation(fixture, "softplus", Softplus{});
  check_activation(fixture, "sigmoid", Sigmoid{});
  check_activation(fixture, "tanh", Tanh{});
}

TEST_CASE("layers agree with libtorch") {
  const Fixture fixture("layers");
  const SquaredError loss;
  const Precision<double> precision;
  const WithoutBias no_bias;
  check_both(fixture, "dense",
             Autoencoder{Encoder{Input{values}, Dense{5}, Tanh{}, Dense{3}},
                         Decoder{Dense{4}, Sigmoid{}, Dense{values}}, loss, precision});
  check_both(fixture, "dense_without_bias",
             Autoencoder{Encoder{Input{values}, Dense{5, no_bias}, Tanh{}, Dense{3, no_bias}}, Mirror{}, loss,
                         precision});
  check_both(fixture, "mirror",
             Autoencoder{Encoder{Input{values}, Dense{5}, Tanh{}, Dense{4}, Sigmoid{}, Dense{3}, Softplus{}},
                         Mirror{}, loss, precision});
  check_both(fixture, "tied_mirror", tied());
  check_both(fixture, "batch_norm",
             Autoencoder{Encoder{Input{values}, Dense{5, no_bias}, BatchNorm{}, Tanh{}, Dense{3}}, Mirror{},
                         loss, precision});
  const BatchNorm of_image{.momentum = 0.3, .epsilon = 1e-2};
  check_both(fixture, "batch_norm_of_image",
             Autoencoder{Encoder{Image{2, 1, 3}, of_image, Dense{5}, Tanh{}, Dense{3}},
                         Decoder{Dense{5}, Tanh{}, Dense{values}}, loss, precision});
  check_both(fixture, "layer_norm", layer_normed());
}

TEST_CASE("losses agree with libtorch") {
  const Fixture fixture("losses");
  check_both(fixture, "squared_error", mlp(SquaredError{}));
  check_both(fixture, "absolute_error", mlp(AbsoluteError{}));
  check_both(fixture, "huber", mlp(Huber{.delta = 0.75}));
  check_both(fixture, "bernoulli", mlp(Bernoulli{}));
  check_both(fixture, "categorical",
             Autoencoder{Encoder{Image{2, 1, 3}, Dense{5}, Tanh{}, Dense{3}},
                         Decoder{Dense{5}, Tanh{}, Dense{values}}, Categorical{}, Precision<double>{}});
}

// Without hyperparameters both sides take their defaults.
TEST_CASE("optimizers agree with libtorch for ten steps") {
  const Fixture fixture("optimizers");
  const auto check = [&](const char* name, const Optimizer auto& optimizer) {
    check_training(fixture, name, mlp(SquaredError{}), optimizer);
  };
  check("sgd", plain);
  check("sgd_momentum", Sgd{.learning_rate = 0.01, .momentum = 0.9});
  check("sgd_nesterov", Sgd{.learning_rate = 0.01, .momentum = 0.9, .nesterov = true});
  check("sgd_dampening", Sgd{.learning_rate = 0.01, .momentum = 0.9, .dampening = 0.3});
  check("rmsprop", RmsProp{});
  check("rmsprop_momentum", RmsProp{.learning_rate = 0.003, .alpha = 0.9, .epsilon = 1e-6, .momentum = 0.8});
  check("rmsprop_centered", RmsProp{.learning_rate = 0.003, .centered = true});
  check("rmsprop_centered_momentum", RmsProp{.learning_rate = 0.003, .momentum = 0.8, .centered = true});
  check("adagrad", Adagrad{});
  check("adagrad_decay", Adagrad{.learning_rate = 0.05, .learning_rate_decay = 0.1,
                                 .initial_accumulator = 0.2, .epsilon = 1e-6});
  check("adam", Adam{});
  check("adam_betas", Adam{.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-4});
  check("adamw", AdamW{});
  check("adamw_decay", AdamW{.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-4,
                             .weight_decay = 0.3});
}

// As in libtorch, a penalty's gradient is clipped with the rest.
TEST_CASE("clipped training agrees with libtorch") {
  const Fixture fixture("rules");
  const WeightDecay<> decay{.weight = 0.2};
  FitOptions<double> by_value, by_norm;
  by_value.clip_value = 0.25;
  by_norm.clip_norm = 1.5;
  check_training(fixture, "clip_value", mlp(SquaredError{}), plain, by_value);
  check_training(fixture, "clip_norm", mlp(SquaredError{}), plain, by_norm);
  check_training(fixture, "clip_value_tied_decay", tied(decay), plain, by_value);
  check_training(fixture, "clip_norm_tied_decay", tied(decay), plain, by_norm);
}

TEST_CASE("weight decay agrees with libtorch's gradient of a squared norm") {
  const Fixture fixture("rules");
  const WeightDecay<> decay{.weight = 0.2};
  check_both(fixture, "weight_decay", mlp(SquaredError{}, decay));
  check_both(fixture, "weight_decay_at_2", mlp(SquaredError{}, WeightDecay<AtLayer<2>>{.weight = 0.5}));
  check_both(fixture, "weight_decay_tied", tied(decay));
  check_both(fixture, "weight_decay_layer_norm", layer_normed(decay));
}
