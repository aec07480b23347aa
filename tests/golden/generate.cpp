// Writes the fixtures of golden.test.cpp: what libtorch makes of small models, in double.
//
// The fixtures lie in data/ and need this program only when a case is added or changed. It wants libtorch
// (Debian: libtorch-dev; written with version 1.13) and is left out of the build unless asked for:
//
//   cmake -S . -B build/golden -DEIGENCODER_BUILD_GOLDEN=ON
//   cmake --build build/golden --target golden_generate
//
// which runs it on the folder tests/golden/data; by hand, `golden_generator <folder>`.
//
// A fixture is a text file of arrays: a line `<case>/<array> <count>`, then the values, which a `double`
// takes back exactly. Every case holds what it needs, its inputs and first parameters included, so the test
// draws nothing. Samples lie one behind the other; parameters in the order and layout of the library's
// blocks, without padding: a layer's weight (outputs x inputs, row by row; in a mirrored layer, as the layer
// it mirrors stores its own), then its bias, or scale, then shift.

#include <torch/torch.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace F = torch::nn::functional;
using torch::Tensor;
using Tensors = std::vector<Tensor>;
using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t samples = 7;
constexpr std::int64_t values = 6;  // in a sample; as an image, 2 x 1 with 3 channels
constexpr std::int64_t channels = 3;
constexpr int steps = 10;

// What a case starts from has few digits: the files stay small.
Tensor rounded(const Tensor& x) { return torch::round(x * 64) / 64; }

Tensor normal(const Sizes& sizes, double mean, double deviation) {
  return rounded(mean + deviation * torch::randn(sizes, torch::kFloat64));
}

class Fixture {
 public:
  explicit Fixture(const std::string& path) : out_(path) {
    if (!out_) throw std::runtime_error("cannot write " + path);
  }

  void write(const std::string& name, const Tensors& arrays) {
    Tensors flat;
    for (const Tensor& array : arrays) flat.push_back(array.detach().contiguous().view(-1));
    const Tensor all = torch::cat(flat);
    if (!torch::isfinite(all).all().item<bool>()) throw std::runtime_error(name + " is not finite");
    out_ << name << ' ' << all.numel();
    for (std::int64_t i = 0; i < all.numel(); ++i) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.17g", all[i].item<double>());
      out_ << (i % 8 == 0 ? '\n' : ' ') << digits;
    }
    out_ << '\n';
  }

 private:
  std::ofstream out_;
};

using Activation = std::function<Tensor(const Tensor&)>;
using Layer = std::function<Tensor(const Tensor&, bool training)>;

// A model and what it learns. Layers are made in the order of the library's blocks.
struct Model {
  Tensors parameters, weights, statistics;
  std::vector<Layer> encoder, decoder;

  Tensor parameter(const Sizes& sizes, double mean, double deviation) {
    parameters.push_back(normal(sizes, mean, deviation).requires_grad_());
    return parameters.back();
  }
  Tensor weight(std::int64_t outputs, std::int64_t inputs) {
    weights.push_back(parameter({outputs, inputs}, 0, 0.6));
    return weights.back();
  }
  Tensor bias(std::int64_t outputs) { return parameter({outputs}, 0, 0.4); }

  Layer dense(std::int64_t inputs, std::int64_t outputs, bool biased = true) {
    const Tensor w = weight(outputs, inputs);
    const Tensor b = biased ? bias(outputs) : Tensor();
    return [w, b](const Tensor& x, bool) { return torch::linear(x, w, b); };
  }
  // The mirror image of dense(outputs, inputs).
  Layer mirrored(std::int64_t inputs, std::int64_t outputs, bool biased = true) {
    return transposed(weight(inputs, outputs), biased);
  }
  Layer transposed(const Tensor& w, bool biased = true) {
    const Tensor b = biased ? bias(w.size(1)) : Tensor();
    return [w, b](const Tensor& x, bool) { return torch::linear(x, w.t(), b); };
  }
  // Over `features` channels; the sample may have several positions.
  Layer batch_norm(std::int64_t features, double momentum, double epsilon) {
    const Tensor scale = parameter({features}, 1, 0.3);
    const Tensor shift = parameter({features}, 0, 0.3);
    const Tensor mean = normal({features}, 0, 0.5);
    const Tensor variance = rounded(0.5 + torch::rand({features}, torch::kFloat64));
    statistics.insert(statistics.end(), {mean, variance});
    return [=](const Tensor& x, bool training) {
      const Tensor image = x.view({x.size(0), -1, features}).transpose(1, 2);
      const Tensor y =
          torch::batch_norm(image, scale, shift, mean, variance, training, momentum, epsilon, false);
      return y.transpose(1, 2).reshape(x.sizes());
    };
  }
  Layer layer_norm(std::int64_t features, double epsilon) {
    const Tensor scale = parameter({features}, 1, 0.3);
    const Tensor shift = parameter({features}, 0, 0.3);
    return [=](const Tensor& x, bool) { return torch::layer_norm(x, {features}, scale, shift, epsilon); };
  }

  Tensor encode(Tensor x, bool training) const {
    for (const Layer& layer : encoder) x = layer(x, training);
    return x;
  }
  Tensor run(const Tensor& inputs, bool training) const {
    Tensor x = encode(inputs, training);
    for (const Layer& layer : decoder) x = layer(x, training);
    return x;
  }
};

Layer pointwise(const Activation& f) {
  return [f](const Tensor& x, bool) { return f(x); };
}
const Layer tanh_layer = pointwise([](const Tensor& x) { return torch::tanh(x); });

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

struct Loss {
  std::function<Tensor(const Tensor& y, const Tensor& t)> sum;  // over all samples
  Activation mean = [](const Tensor& y) { return y; };
};
const Loss squared_error{[](const Tensor& y, const Tensor& t) {
  return F::mse_loss(y, t, F::MSELossFuncOptions().reduction(torch::kSum));
}};

using OptimizerFactory = std::function<std::unique_ptr<torch::optim::Optimizer>(const Tensors&)>;
template <class Optimizer, class Options>
OptimizerFactory optimizer(const Options& options) {
  return [options](const Tensors& parameters) { return std::make_unique<Optimizer>(parameters, options); };
}
OptimizerFactory sgd(double learning_rate) {
  return optimizer<torch::optim::SGD>(torch::optim::SGDOptions(learning_rate));
}

// How a case departs from full-batch gradient descent on the squared error.
struct Training {
  OptimizerFactory optimizer = sgd(0.02);
  Loss loss = squared_error;
  Tensor targets = normal({samples, values}, 0, 1);
  std::function<Tensor(const Model&)> penalty;
  std::function<void(const Tensors&)> clip;
};

Tensor ridge(const Tensors& weights, double lambda) {
  Tensor sum = torch::zeros({}, torch::kFloat64);
  for (const Tensor& w : weights) sum = sum + lambda / 2 * w.square().sum();
  return sum;
}

struct Objective {
  Tensor loss, all;  // mean over the samples; with the penalty
};
Objective objective(const Model& model, const Training& training, const Tensor& inputs) {
  const Tensor loss = training.loss.sum(model.run(inputs, true), training.targets) / samples;
  return {loss, training.penalty ? loss + training.penalty(model) : loss};
}

Tensors clones(const Tensors& tensors) {
  Tensors copies;
  for (const Tensor& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}
void restore(const Tensors& to, const Tensors& from) {
  const torch::NoGradGuard guard;
  for (std::size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

Tensors gradients(const Tensors& parameters) {
  Tensors found;
  for (const Tensor& parameter : parameters) found.push_back(parameter.grad());
  return found;
}

enum class Parts { passes, training, both };

// One case: what goes in, the forward passes and the gradient, and what ten steps make of it.
void write_case(Fixture& fixture, const std::string& name, const Model& model, const Training& training = {},
                Parts parts = Parts::both) {
  const Tensor inputs = normal({samples, values}, 0, 1.2);
  fixture.write(name + "/inputs", {inputs});
  fixture.write(name + "/targets", {training.targets});
  fixture.write(name + "/parameters", model.parameters);
  if (!model.statistics.empty()) fixture.write(name + "/statistics", model.statistics);

  if (parts != Parts::training) {
    fixture.write(name + "/code", {model.encode(inputs, false)});
    fixture.write(name + "/output", {training.loss.mean(model.run(inputs, false))});
    const Tensor inferred = training.loss.sum(model.run(inputs, false), training.targets) / samples;
    fixture.write(name + "/inference_loss", {inferred});
    const Tensors statistics = clones(model.statistics);  // which a forward pass in training moves
    const Tensor all = objective(model, training, inputs).all;
    all.backward();
    restore(model.statistics, statistics);
    fixture.write(name + "/objective", {all});
    fixture.write(name + "/gradient", gradients(model.parameters));
  }
  if (parts != Parts::passes) {
    const auto optimizer = training.optimizer(model.parameters);
    Tensors losses;
    bool clipped = false;
    for (int step = 0; step < steps; ++step) {
      optimizer->zero_grad();
      const Objective now = objective(model, training, inputs);
      now.all.backward();
      if (training.clip) {
        const Tensors before = clones(gradients(model.parameters));
        training.clip(model.parameters);
        const Tensors after = gradients(model.parameters);
        for (std::size_t i = 0; i < after.size(); ++i)
          clipped = clipped || !torch::equal(before[i], after[i]);
      }
      optimizer->step();
      losses.push_back(now.loss);
    }
    if (training.clip && !clipped) throw std::runtime_error(name + " clips nothing");
    fixture.write(name + "/losses", losses);
    fixture.write(name + "/trained_parameters", model.parameters);
    if (!model.statistics.empty()) {
      fixture.write(name + "/trained_statistics", model.statistics);
      fixture.write(name + "/trained_output", {training.loss.mean(model.run(inputs, false))});
    }
  }
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

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: golden_generator <folder>\n", stderr);
    return EXIT_FAILURE;
  }
  try {
    const std::string folder = arguments[1];
    torch::set_num_threads(1);
    torch::manual_seed(2);
    write_activations(Fixture(folder + "/activations.txt"));
    write_layers(Fixture(folder + "/layers.txt"));
    write_losses(Fixture(folder + "/losses.txt"));
    write_optimizers(Fixture(folder + "/optimizers.txt"));
    write_rules(Fixture(folder + "/rules.txt"));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "golden_generator: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
