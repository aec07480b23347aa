#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/bottleneck/nearest_code.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/state_dict.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// The values of a model's tensors, on their way into a file. io/state_reader.hpp is the way out of it.
namespace eigencoder::detail {

/// Models of other scalars have no files.
template <class Scalar>
  requires std::same_as<Scalar, float> || std::same_as<Scalar, double>
inline constexpr DType dtype_of = sizeof(Scalar) == sizeof(float) ? DType::F32 : DType::F64;

/// A tensor with its bytes.
struct OwnedTensor {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes;
};

inline std::vector<TensorToWrite> to_write(const std::vector<OwnedTensor>& tensors) {
  std::vector<TensorToWrite> views;
  for (const OwnedTensor& t : tensors) views.push_back({t.name, t.type, t.shape, t.bytes});
  return views;
}

/// Values in the order of a file; `value(place)` gives each.
template <class Scalar, class Value>
OwnedTensor written(std::string name, std::vector<std::uint64_t> shape, std::span<const Axis> axes,
                    const Value& value) {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= static_cast<std::size_t>(axis.size);
  OwnedTensor tensor{std::move(name), dtype_of<Scalar>, std::move(shape), {}};
  tensor.bytes.resize(count * sizeof(Scalar));
  std::uint8_t* to = tensor.bytes.data();
  each_place(axes, 0, [&](Index place) {
    const Scalar one = value(place);
    std::memcpy(to, &one, sizeof(Scalar));
    to += sizeof(Scalar);
  });
  return tensor;
}

/// The values of a codebook, vector by vector, as they follow from its statistics.
template <class Scalar>
class CodebookValues {
 public:
  CodebookValues(const Scalar* counts, const Scalar* sums, Index codes, Index width)
      : width_(width),
        room_(codebook_room(codes, width)),
        book_(counts, sums, codes, width, room_.data()),
        vector_(width) {}

  Scalar operator()(Index place) {
    if (place / width_ != held_) book_.copy(held_ = place / width_, vector_.data());
    return vector_.data()[place % width_];
  }

 private:
  Index width_, held_ = -1;
  Buffer<Scalar> room_;
  Codebook<Scalar> book_;
  Buffer<Scalar> vector_;
};

/// The shape of a scaling's tensors.
inline std::vector<std::uint64_t> scaling_shape(Shape input) {
  const auto size = [](Index n) { return static_cast<std::uint64_t>(n); };
  if (input.is_flat()) return {size(input.size())};
  return {size(input.channels), size(input.height), size(input.width)};
}

/// The tensor of this name, which is there.
inline const StateTensor& tensor_of(const std::vector<StateTensor>& tensors, std::string_view name) {
  std::size_t i = 0;
  while (tensors[i].name != name) ++i;
  return tensors[i];
}

template <class Scalar>
CodebookValues<Scalar> codebook_of(const std::vector<StateTensor>& tensors, const Scalar* statistics) {
  const StateTensor &counts = tensor_of(tensors, "bottleneck.counts"), &sums = tensor_of(tensors, "bottleneck.sums");
  return {statistics + counts.offset, statistics + sums.offset, static_cast<Index>(sums.shape[0]),
          static_cast<Index>(sums.shape[1])};
}

/// All tensors of a model with their values. `num_batches_tracked` are the training steps since the weights were
/// drawn or loaded.
template <class Scalar>
[[gnu::cold]] std::vector<OwnedTensor> write_state(const ModelSchema& form, const ModelState<Scalar>& values) {
  const std::vector<StateTensor> tensors = state_tensors(form);
  std::vector<OwnedTensor> all;
  for (const StateTensor& tensor : tensors) {
    if (tensor.source == StateTensor::Source::batches) {
      const std::int64_t steps = values.steps;
      OwnedTensor& owned = all.emplace_back(OwnedTensor{tensor.name, DType::I64, {}, {}});
      owned.bytes.resize(sizeof steps);
      std::memcpy(owned.bytes.data(), &steps, sizeof steps);
    } else if (tensor.source == StateTensor::Source::codebook) {
      auto book = codebook_of(tensors, values.statistics.data());
      all.push_back(written<Scalar>(tensor.name, tensor.shape, tensor.axes, [&](Index place) { return book(place); }));
    } else {
      const bool learned = tensor.source == StateTensor::Source::parameters;
      const Scalar* vector = (learned ? values.parameters.data() : values.statistics.data()) + tensor.offset;
      all.push_back(
          written<Scalar>(tensor.name, tensor.shape, tensor.axes, [=](Index place) { return vector[place]; }));
    }
  }
  return all;
}

}  // namespace eigencoder::detail
