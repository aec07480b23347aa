#pragma once

// Models, their values and the tensors of their files, for the tests of model files.
#include <cstdint>
#include <cstring>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "support/thrown.hpp"

namespace eigencoder {

/// Gives every parameter and statistic a random value; not the padding.
template <class Model>
void randomize(Model& model, std::uint64_t seed = 5) {
  Random random(seed, Purpose::user);
  const auto draw = [&](auto values, Index offset, Index size) {
    for (Index i = offset; i < offset + size; ++i)
      values[static_cast<std::size_t>(i)] = static_cast<typename Model::Scalar>(0.1 + random.uniform());
  };
  for (const auto& block : model.layout().blocks()) draw(model.parameters(), block.offset, block.size());
  for (const auto& block : model.layout().statistics_blocks()) draw(model.statistics(), block.offset, block.size);
}

/// Every bit of a model's values and of what training continues from.
template <class Model>
std::string bits_of(const Model& model) {
  const auto& state = detail::ModelAccess::state(model);
  std::string bits;
  const auto add = [&](const auto* values, std::size_t count) {
    bits.append(reinterpret_cast<const char*>(values), count * sizeof *values);
  };
  add(state.parameters.data(), static_cast<std::size_t>(state.parameters.size()));
  add(state.statistics.data(), static_cast<std::size_t>(state.statistics.size()));
  bits += state.optimizer.type;
  add(&state.optimizer.steps, 1);
  for (const auto& array : state.optimizer.arrays) add(array.data(), static_cast<std::size_t>(array.size()));
  add(&state.steps, 1);
  for (const auto& epoch : state.epochs) add(&epoch.train_loss, 1);
  add(&state.progress.batches, 1);
  add(&state.progress.best_loss, 1);
  return bits;
}

/// Whether all parameters and statistics have the same bits.
template <class Model>
bool same_values(const Model& a, const Model& b) {
  using Scalar = typename Model::Scalar;
  const auto same = [](std::span<const Scalar> x, std::span<const Scalar> y) {
    return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size_bytes()) == 0);
  };
  return same(a.parameters(), b.parameters()) && same(a.statistics(), b.statistics());
}

template <class... Policies>
using Small =
    Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError, Policies...>;

inline MatrixX<float> random_samples(Index size, Index count = 8) {
  Random random(3, Purpose::user);
  MatrixX<float> x(size, count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal());
  return x;
}

/// The tensor of this name.
inline detail::OwnedTensor& named(std::vector<detail::OwnedTensor>& tensors, std::string_view name) {
  for (detail::OwnedTensor& tensor : tensors)
    if (tensor.name == name) return tensor;
  throw std::logic_error("no such tensor");
}
inline void drop(std::vector<detail::OwnedTensor>& tensors, std::string_view name) {
  std::erase_if(tensors, [&](const detail::OwnedTensor& tensor) { return tensor.name == name; });
}

/// The error of loading a file that must be refused. Checks that the model stays as it is.
template <class Model>
std::string load_error(Model& model, const std::string& path, const LoadOptions& options = {}) {
  const std::string before = bits_of(model);
  const std::string message = thrown<FileError>([&] { load(model, path, options); });
  CHECK(says(message, {"cannot ", path}));
  CHECK((bits_of(model) == before));
  return message;
}

/// A model after two epochs.
template <class Model>
Model trained() {
  Model model;
  model.fit(random_samples(model.input_shape().size()), Adam{}, {.epochs = 2, .batch_size = 4});
  return model;
}

}  // namespace eigencoder
