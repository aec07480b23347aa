#pragma once

// Everything that the laws hold for. A header of layers/, losses/, penalties/ or optimizers/ that is not
// included here fails the build (cmake/check_list.cmake): include it, and add what it holds to its list.
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/mirrored.hpp>
#include <eigencoder/losses/absolute_error.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/huber.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <eigencoder/optimizers/adagrad.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/adamw.hpp>
#include <eigencoder/optimizers/rmsprop.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/weight_decay.hpp>

namespace laws {

using namespace eigencoder;

template <class... Ts>
struct List {};

using Activations = List<Identity, Relu, LeakyRelu, Elu, Selu, Gelu, Silu, Softplus, Sigmoid, Tanh>;
// Each stands between two dense layers and, mirrored, in the decoder.
using Layers = List<Identity, Relu, LeakyRelu, Elu, Selu, Gelu, Silu, Softplus, Sigmoid, Tanh, Dense<5>,
                    Dense<5, WithoutBias>, BatchNorm, LayerNorm, Dropout>;
using Mirrors = List<Mirror, TiedMirror>;
using Losses = List<SquaredError, Bernoulli, Categorical, Huber, AbsoluteError>;
using Penalties = List<WeightDecay<>, WeightDecay<At<2>>>;

// Optimizers by value: each setting that takes another path.
template <class Visit>
void each_optimizer(const Visit& visit) {
  visit("Sgd", Sgd{.learning_rate = 1e-2});
  visit("Sgd, momentum", Sgd{.learning_rate = 1e-2, .momentum = 0.9, .dampening = 0.1});
  visit("Sgd, Nesterov", Sgd{.learning_rate = 1e-2, .momentum = 0.9, .nesterov = true});
  visit("RmsProp", RmsProp{.learning_rate = 1e-3});
  visit("RmsProp, centered, momentum", RmsProp{.learning_rate = 1e-3, .momentum = 0.5, .centered = true});
  visit("Adagrad", Adagrad{.learning_rate = 1e-2, .learning_rate_decay = 1e-3});
  visit("Adam", Adam{.learning_rate = 1e-3});
  visit("AdamW", AdamW{.learning_rate = 1e-3});
}

template <class... Ts, class Visit>
void each(List<Ts...>, const Visit& visit) {
  (visit.template operator()<Ts>(), ...);
}

}  // namespace laws
