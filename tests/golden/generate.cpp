// Writes the fixtures of the tests here: the results of small models in libtorch, in double. This file has the cases of
// golden.test.cpp, generate_images.cpp those of images.test.cpp, generate_missing.cpp those of missing.test.cpp.
//
// The fixtures lie in data/ and need this program only when a case is added or changed. It needs libtorch
// (Debian: libtorch-dev; written with version 1.13) and is left out of the build unless asked for:
//
//   cmake -S . -B build/golden -DEIGENCODER_BUILD_GOLDEN=ON
//   cmake --build build/golden --target golden_generate
//
// which runs it on the folder tests/golden/data; by hand, `golden_generator <folder>`.
//
// A fixture is a text file of arrays: a line `<case>/<array> <count>`, then the values, which a `double`
// takes back exactly. Every case holds what it needs, its inputs and first parameters included, so the test
// draws nothing. Samples are contiguous, an image as height x width x channels, the channel fastest;
// parameters in the order and layout of the library's blocks, without padding: a layer's weight, then its bias,
// or scale, then shift. A dense weight is outputs x inputs, row by row; a convolution's is groups x kernel rows x
// kernel columns x inputs of a group x outputs of a group, the last fastest. A mirrored layer stores its weight as
// the layer it mirrors does its own, and a transposed convolution as the convolution whose adjoint it is: the
// inputs there are its own outputs.

#include "cases.hpp"

#include <cstdlib>

namespace golden {
namespace {

constexpr std::int64_t channels = 3;  // of a sample, where it is an image of 2 x 1

// 6-5-3 and its mirror.
Model mlp(const Layer& hidden = tanh_layer, const Layer& of_code = nullptr, bool biased = true) {
  Model m;
  m.encoder = {m.dense(6, 5, biased), hidden, m.dense(5, 3, biased)};
  if (of_code) m.encoder.push_back(of_code);
  m.decoder = {m.mirrored(3, 5, biased), hidden, m.mirrored(5, 6, biased)};
  return m;
}

Model tied() {
  Model m;
  m.encoder = {m.dense(6, 5), tanh_layer, m.dense(5, 3)};
  m.decoder = {m.transposed(m.weights[1]), tanh_layer, m.transposed(m.weights[0])};
  return m;
}

Model layer_normed() {
  Model m;
  m.encoder = {m.layer_norm(6, 1e-5), m.dense(6, 5), m.layer_norm(5, 1e-2), tanh_layer, m.dense(5, 3)};
  m.decoder = {m.mirrored(3, 5), m.layer_norm(5, 1e-2), tanh_layer, m.mirrored(5, 6)};
  return m;
}

void write_activations(Fixture fixture) {
  const auto add = [&](const char* name, const Activation& f) {
    write_case(fixture, name, mlp(pointwise(f), pointwise(f)), {}, Parts::passes);
  };
  add("identity", [](const Tensor& x) { return x; });
  add("relu", [](const Tensor& x) { return torch::relu(x); });
  add("leaky_relu", [](const Tensor& x) { return torch::leaky_relu(x, 0.2); });
  add("elu", [](const Tensor& x) { return torch::elu(x, 0.7); });
  add("selu", [](const Tensor& x) { return torch::selu(x); });
  add("gelu", [](const Tensor& x) { return torch::gelu(x); });
  add("silu", [](const Tensor& x) { return torch::silu(x); });
  add("softplus", [](const Tensor& x) { return torch::softplus(x); });
  add("sigmoid", [](const Tensor& x) { return torch::sigmoid(x); });
  add("tanh", [](const Tensor& x) { return torch::tanh(x); });
}

void write_layers(Fixture fixture) {
  const Layer sigmoid = pointwise([](const Tensor& x) { return torch::sigmoid(x); });
  const Layer softplus = pointwise([](const Tensor& x) { return torch::softplus(x); });

  Model dense;
  dense.encoder = {dense.dense(6, 5), tanh_layer, dense.dense(5, 3)};
  dense.decoder = {dense.dense(3, 4), sigmoid, dense.dense(4, 6)};
  write_case(fixture, "dense", dense);
  write_case(fixture, "dense_without_bias", mlp(tanh_layer, nullptr, false));

  Model mirror;
  mirror.encoder = {mirror.dense(6, 5), tanh_layer, mirror.dense(5, 4), sigmoid, mirror.dense(4, 3),
                    softplus};
  mirror.decoder = {mirror.mirrored(3, 4), sigmoid, mirror.mirrored(4, 5), tanh_layer, mirror.mirrored(5, 6)};
  write_case(fixture, "mirror", mirror);
  write_case(fixture, "tied_mirror", tied());

  Model batch;
  batch.encoder = {batch.dense(6, 5, false), batch.batch_norm(5, 0.1, 1e-5), tanh_layer, batch.dense(5, 3)};
  batch.decoder = {batch.mirrored(3, 5), batch.batch_norm(5, 0.1, 1e-5), tanh_layer,
                   batch.mirrored(5, 6, false)};
  write_case(fixture, "batch_norm", batch);

  Model image;
  image.encoder = {image.batch_norm(channels, 0.3, 1e-2), image.dense(6, 5), tanh_layer, image.dense(5, 3)};
  image.decoder = {image.dense(3, 5), tanh_layer, image.dense(5, 6)};
  write_case(fixture, "batch_norm_of_image", image);
  write_case(fixture, "layer_norm", layer_normed());
}

void write_losses(Fixture fixture) {
  const auto add = [&](const char* name, const Loss& loss, const Tensor& targets,
                       const Model& model = mlp()) {
    Training training;
    training.loss = loss;
    training.targets = targets;
    write_case(fixture, name, model, training);
  };
  const Tensor targets = normal({samples, values}, 0, 1);
  add("squared_error", squared_error, targets);

  const Loss absolute_error{[](const Tensor& y, const Tensor& t) {
    return F::l1_loss(y, t, F::L1LossFuncOptions().reduction(torch::kSum));
  }};
  add("absolute_error", absolute_error, targets);

  const Loss huber{[](const Tensor& y, const Tensor& t) {
    return F::huber_loss(y, t, F::HuberLossFuncOptions().reduction(torch::kSum).delta(0.75));
  }};
  add("huber", huber, targets);

  Loss bernoulli;
  bernoulli.sum = [](const Tensor& y, const Tensor& t) {
    return F::binary_cross_entropy_with_logits(
        y, t, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kSum));
  };
  bernoulli.mean = [](const Tensor& y) { return torch::sigmoid(y); };
  add("bernoulli", bernoulli, rounded(torch::rand({samples, values}, torch::kFloat64)));

  const Sizes image = {samples, values / channels, channels};
  Loss categorical;
  categorical.sum = [=](const Tensor& y, const Tensor& t) {
    return F::cross_entropy(y.view(image).transpose(1, 2), t.view(image).transpose(1, 2),
                            F::CrossEntropyFuncOptions().reduction(torch::kSum));
  };
  categorical.mean = [=](const Tensor& y) { return torch::softmax(y.view(image), 2); };
  Model model;
  model.encoder = {model.dense(6, 5), tanh_layer, model.dense(5, 3)};
  model.decoder = {model.dense(3, 5), tanh_layer, model.dense(5, 6)};
  add("categorical", categorical, torch::softmax(torch::randn(image, torch::kFloat64), 2), model);
}

void write_optimizers(Fixture fixture) {
  using namespace torch::optim;
  const auto add = [&](const char* name, const OptimizerFactory& factory) {
    Training training;
    training.optimizer = factory;
    write_case(fixture, name, mlp(), training, Parts::training);
  };
  add("sgd", sgd(0.02));
  add("sgd_momentum", optimizer<SGD>(SGDOptions(0.01).momentum(0.9)));
  add("sgd_nesterov", optimizer<SGD>(SGDOptions(0.01).momentum(0.9).nesterov(true)));
  add("sgd_dampening", optimizer<SGD>(SGDOptions(0.01).momentum(0.9).dampening(0.3)));
  add("rmsprop", optimizer<RMSprop>(RMSpropOptions()));
  add("rmsprop_momentum", optimizer<RMSprop>(RMSpropOptions(0.003).alpha(0.9).eps(1e-6).momentum(0.8)));
  add("rmsprop_centered", optimizer<RMSprop>(RMSpropOptions(0.003).centered(true)));
  add("rmsprop_centered_momentum", optimizer<RMSprop>(RMSpropOptions(0.003).centered(true).momentum(0.8)));
  add("adagrad", optimizer<Adagrad>(AdagradOptions()));
  add("adagrad_decay", optimizer<Adagrad>(
                           AdagradOptions(0.05).lr_decay(0.1).initial_accumulator_value(0.2).eps(1e-6)));
  add("adam", optimizer<Adam>(AdamOptions()));
  add("adam_betas", optimizer<Adam>(AdamOptions(0.02).betas({0.8, 0.95}).eps(1e-4)));
  add("adamw", optimizer<AdamW>(AdamWOptions()));
  add("adamw_decay", optimizer<AdamW>(AdamWOptions(0.02).betas({0.8, 0.95}).eps(1e-4).weight_decay(0.3)));
}

void write_rules(Fixture fixture) {
  const auto by_value = [](const Tensors& p) { torch::nn::utils::clip_grad_value_(p, 0.25); };
  const auto by_norm = [](const Tensors& p) { torch::nn::utils::clip_grad_norm_(p, 1.5); };
  const auto on_all = [](const Model& model) { return ridge(model.weights, 0.2); };
  const auto on_second = [](const Model& model) { return ridge({model.weights[1]}, 0.5); };

  const auto add_clipped = [&](const char* name, const Model& model, const auto& clip, const auto& penalty) {
    Training training;
    training.clip = clip;
    training.penalty = penalty;
    write_case(fixture, name, model, training, Parts::training);
  };
  add_clipped("clip_value", mlp(), by_value, nullptr);
  add_clipped("clip_norm", mlp(), by_norm, nullptr);
  add_clipped("clip_value_tied_decay", tied(), by_value, on_all);
  add_clipped("clip_norm_tied_decay", tied(), by_norm, on_all);

  const auto add_decaying = [&](const char* name, const Model& model, const auto& penalty) {
    Training training;
    training.penalty = penalty;
    write_case(fixture, name, model, training);
  };
  add_decaying("weight_decay", mlp(), on_all);
  add_decaying("weight_decay_at_2", mlp(), on_second);
  add_decaying("weight_decay_tied", tied(), on_all);
  add_decaying("weight_decay_layer_norm", layer_normed(), on_all);
}

}  // namespace
}  // namespace golden

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: golden_generator <folder>\n", stderr);
    return EXIT_FAILURE;
  }
  using namespace golden;
  try {
    const std::string folder = arguments[1];
    torch::set_num_threads(1);
    torch::manual_seed(2);
    write_activations(Fixture(folder + "/activations.txt"));
    write_layers(Fixture(folder + "/layers.txt"));
    write_losses(Fixture(folder + "/losses.txt"));
    write_optimizers(Fixture(folder + "/optimizers.txt"));
    write_rules(Fixture(folder + "/rules.txt"));
    write_images(Fixture(folder + "/images.txt"));
    write_missing(Fixture(folder + "/missing.txt"));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "golden_generator: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
