#pragma once

/// @file
/// How the models here are trained. One file trains those of one sort, for one scalar: EIGENCODER_GOLDEN_SCALAR.
#include <cstddef>
#include <cstdint>
#include <eigencoder/eigencoder.hpp>
#include <span>
#include <vector>

#include "golden/learned_values/learned_values.hpp"
#include "laws/samples.hpp"

namespace golden {

using namespace eigencoder;

/// The hash FNV-1a of 64 bits, by Fowler, Noll & Vo.
inline std::uint64_t fnv1a(std::span<const std::byte> bytes, std::uint64_t hash = 0xCBF29CE484222325) {
  for (const std::byte byte : bytes) hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001B3;
  return hash;
}

/// Far above the usual: a small gradient must not make a quotient of rounding errors.
inline constexpr double large_epsilon = 1e-3;
inline constexpr Adam usual{.learning_rate = 1e-2, .epsilon = large_epsilon};

/// Trains models for 4 epochs of 5 batches, the last of which is shorter, and notes what they learned.
template <class Scalar>
class Trainer {
 public:
  using Matrix = MatrixX<Scalar>;
  using Options = FitOptions<Scalar>;

  explicit Trainer(std::vector<LearnedValues>& found) : found_(found) {}

  template <class Model, Optimizer O = Adam>
  void operator()(const char* name, Model model, const O& optimizer = usual, Options options = {}) const {
    const Index held_back = options.validation_split > 0 ? 8 : 0;
    prepare(options);
    model.fit(samples(model, training_samples + held_back, 1), optimizer, options);
    note(name, model);
  }

  /// Targets that are not the inputs, and a validation set of its own.
  template <class Model>
  void with_targets(const char* name, Model model, Options options = {}) const {
    prepare(options);
    options.validation = samples(model, 9, 2);
    options.validation_targets = samples(model, 9, 3);
    model.fit(samples(model, training_samples, 1), samples(model, training_samples, 4), usual, options);
    note(name, model);
  }

 private:
  static constexpr Index training_samples = 33;

  static void prepare(Options& options) {
    options.epochs = 4;
    options.batch_size = 7;
    options.seed = 3;
  }

  /// Values in (0, 1), for a categorical loss distributions over the channels.
  template <class Model>
  static Matrix samples(const Model& model, Index count, std::uint64_t seed) {
    const Shape shape = model.input_shape();
    const Index positions = shape.size() / shape.channels;
    const bool distributions = model.loss().name == Categorical::name;
    Matrix x = laws::samples<Scalar>(shape.channels, positions * count, distributions, seed);
    x.resize(shape.size(), count);
    return x;
  }

  template <class Model>
  void note(const char* name, const Model& model) const {
    LearnedValues learned{.name = name, .loss = model.epochs().back().train_loss};
    const auto parameters = model.parameters(), statistics = model.statistics();
    const auto part = [](std::span<const Scalar> all, Index first, Index count) {
      return all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    };
    for (const auto& block : model.layout().blocks())
      learned.parameters.append(part(parameters, block.offset, block.size()));
    for (const auto& block : model.layout().statistics_blocks())
      learned.statistics.append(part(statistics, block.offset, block.size));
    learned.checksum = fnv1a(std::as_bytes(statistics), fnv1a(std::as_bytes(parameters)));
    found_.push_back(learned);
  }

  std::vector<LearnedValues>& found_;
};

template <class Scalar>
void train_layers(const Trainer<Scalar>& train);
template <class Scalar>
void train_images(const Trainer<Scalar>& train);
template <class Scalar>
void train_policies(const Trainer<Scalar>& train);
template <class Scalar>
void train_bottlenecks(const Trainer<Scalar>& train);
template <class Scalar>
void train_options(const Trainer<Scalar>& train);

}  // namespace golden
