#pragma once

/// @file
/// What the programs' parts share that write fixtures: models of torch's tensors, and the writing of a case.
#include <torch/torch.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {

namespace F = torch::nn::functional;
using torch::Tensor;
using Tensors = std::vector<Tensor>;
using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t samples = 7;
constexpr std::int64_t values = 6;  // in a sample, where a case says nothing else
constexpr int steps = 10;

/// What a case starts from has few digits: the files stay small.
inline Tensor rounded(const Tensor& x) { return torch::round(x * 64) / 64; }

inline Tensor normal(const Sizes& sizes, double mean, double stddev) {
  return rounded(mean + stddev * torch::randn(sizes, torch::kFloat64));
}

/// A file of arrays.
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

/// A model and what it learns. Layers are made in the order of the library's blocks.
struct Model {
  Tensors parameters, weights, statistics;
  std::vector<Layer> encoder, decoder;

  Tensor parameter(const Sizes& sizes, double mean, double stddev) {
    parameters.push_back(normal(sizes, mean, stddev).requires_grad_());
    return parameters.back();
  }
  Tensor weight(const Sizes& sizes, double stddev = 0.6) {
    weights.push_back(parameter(sizes, 0, stddev));
    return weights.back();
  }
  Tensor bias(std::int64_t outputs) { return parameter({outputs}, 0, 0.4); }

  Layer dense(std::int64_t inputs, std::int64_t outputs, bool biased = true) {
    const Tensor w = weight({outputs, inputs});
    const Tensor b = biased ? bias(outputs) : Tensor();
    return [w, b](const Tensor& x, bool) { return torch::linear(x, w, b); };
  }
  /// The mirror image of dense(outputs, inputs).
  Layer mirrored(std::int64_t inputs, std::int64_t outputs, bool biased = true) {
    return transposed(weight({inputs, outputs}), biased);
  }
  Layer transposed(const Tensor& w, bool biased = true) {
    const Tensor b = biased ? bias(w.size(1)) : Tensor();
    return [w, b](const Tensor& x, bool) { return torch::linear(x, w.t(), b); };
  }
  /// Over `features` channels, which lie in the last dimension; the sample may have several positions.
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
  /// Over the last dimension, for each position by itself.
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

inline Layer pointwise(const Activation& f) {
  return [f](const Tensor& x, bool) { return f(x); };
}
inline const Layer tanh_layer = pointwise([](const Tensor& x) { return torch::tanh(x); });

struct Loss {
  std::function<Tensor(const Tensor& y, const Tensor& t)> sum;  // over all samples
  Activation mean = [](const Tensor& y) { return y; };
};
inline const Loss squared_error{[](const Tensor& y, const Tensor& t) {
  return F::mse_loss(y, t, F::MSELossFuncOptions().reduction(torch::kSum));
}};

using OptimizerFactory = std::function<std::unique_ptr<torch::optim::Optimizer>(const Tensors&)>;
template <class Optimizer, class Options>
OptimizerFactory optimizer(const Options& options) {
  return [options](const Tensors& parameters) { return std::make_unique<Optimizer>(parameters, options); };
}
inline OptimizerFactory sgd(double learning_rate) {
  return optimizer<torch::optim::SGD>(torch::optim::SGDOptions(learning_rate));
}

/// What a case learns, and how it departs from full-batch gradient descent on the squared error.
struct Training {
  OptimizerFactory optimizer = sgd(0.02);
  Loss loss = squared_error;
  Tensor targets = normal({samples, values}, 0, 1);
  Tensor inputs = {};  // drawn where there are none
  Tensor input_mask = {}, target_mask = {};  // 1 where a value is known, 0 elsewhere; all are where there is none
  Activation feed = [](const Tensor& x) { return x; };  // what the model gets of the inputs
  std::function<Tensor(const Model&)> penalty = nullptr;
  std::function<void(const Tensors&)> clip = nullptr;
};

inline Tensor ridge(const Tensors& weights, double lambda) {
  Tensor sum = torch::zeros({}, torch::kFloat64);
  for (const Tensor& w : weights) sum = sum + lambda / 2 * w.square().sum();
  return sum;
}

struct Objective {
  Tensor loss, all;  // mean over the samples; with the penalty
};
inline Objective objective(const Model& model, const Training& training, const Tensor& inputs) {
  const Tensor loss = training.loss.sum(model.run(inputs, true), training.targets) / inputs.size(0);
  return {loss, training.penalty ? loss + training.penalty(model) : loss};
}

inline Tensors clones(const Tensors& tensors) {
  Tensors copies;
  for (const Tensor& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}
inline void restore(const Tensors& to, const Tensors& from) {
  const torch::NoGradGuard guard;
  for (std::size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

inline Tensors gradients(const Tensors& parameters) {
  Tensors found;
  for (const Tensor& parameter : parameters) found.push_back(parameter.grad());
  return found;
}

enum class Parts { passes, training, both };

/// One case: what goes in, the forward passes and the gradient, and what ten steps make of it.
inline void write_case(Fixture& fixture, const std::string& name, const Model& model, const Training& training = {},
                       Parts parts = Parts::both) {
  const std::int64_t count = training.targets.size(0), size = training.targets.numel() / count;
  const Tensor values = training.inputs.defined() ? training.inputs : normal({count, size}, 0, 1.2);
  const Tensor inputs = training.feed(values);
  fixture.write(name + "/inputs", {values});
  fixture.write(name + "/targets", {training.targets});
  if (training.input_mask.defined()) fixture.write(name + "/inputs_mask", {training.input_mask});
  if (training.target_mask.defined()) fixture.write(name + "/targets_mask", {training.target_mask});
  fixture.write(name + "/parameters", model.parameters);
  if (!model.statistics.empty()) fixture.write(name + "/statistics", model.statistics);

  if (parts != Parts::training) {
    fixture.write(name + "/code", {model.encode(inputs, false)});
    fixture.write(name + "/output", {training.loss.mean(model.run(inputs, false))});
    const Tensor inferred = training.loss.sum(model.run(inputs, false), training.targets) / count;
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

/// The cases of generate_images.cpp and of generate_missing.cpp.
void write_images(Fixture fixture);
void write_missing(Fixture fixture);

}  // namespace golden
