#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/bottleneck/codebook.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/state_dict.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Writes a model's state dict and a scaling as tensors.
namespace eigencoder::detail {

/// A tensor of the values `value(index)`, in the order of the axes.
template <class Scalar, class Value>
OwnedTensor tensor_of_values(std::string name, std::vector<std::uint64_t> shape, std::span<const Axis> axes,
                             const Value& value) {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= static_cast<std::size_t>(axis.size);
  OwnedTensor tensor{std::move(name), dtype_of<Scalar>, std::move(shape), {}};
  tensor.bytes.resize(count * sizeof(Scalar));
  std::uint8_t* to = tensor.bytes.data();
  for_each_index(axes, 0, [&](Index index) {
    const Scalar scalar = value(index);
    std::memcpy(to, &scalar, sizeof(Scalar));
    to += sizeof(Scalar);
  });
  return tensor;
}

/// The tensor of this name, which must exist.
inline const StateTensor& tensor_named(const std::vector<StateTensor>& tensors, std::string_view name) {
  std::size_t i = 0;
  while (tensors[i].name != name) ++i;
  return tensors[i];
}

/// All tensors of a model with their values. `num_batches_tracked` is the number of training steps since the parameters
/// were initialized or loaded.
template <class Scalar>
[[gnu::cold]] std::vector<OwnedTensor> write_state_dict(const ModelSchema& schema, const ModelState<Scalar>& state) {
  const std::vector<StateTensor> tensors = state_tensors(schema);
  std::vector<OwnedTensor> written;
  for (const StateTensor& tensor : tensors) {
    if (tensor.source == StateTensor::Source::step_count) {
      const std::int64_t steps = state.steps;
      OwnedTensor& owned = written.emplace_back(OwnedTensor{tensor.name, DType::I64, {}, {}});
      owned.bytes.resize(sizeof steps);
      std::memcpy(owned.bytes.data(), &steps, sizeof steps);
    } else if (tensor.source == StateTensor::Source::codebook) {
      const ModelCodebook<Scalar> codebook(schema.layout, state.statistics.data());
      written.push_back(tensor_of_values<Scalar>(tensor.name, tensor.shape, tensor.axes,
                                                 [&](Index index) { return codebook.value(index); }));
    } else {
      const bool is_parameter = tensor.source == StateTensor::Source::parameters;
      const Scalar* values = (is_parameter ? state.parameters.data() : state.statistics.data()) + tensor.offset;
      written.push_back(tensor_of_values<Scalar>(tensor.name, tensor.shape, tensor.axes,
                                                 [=](Index index) { return values[index]; }));
    }
  }
  return written;
}

/// The shape of a scaling's two tensors: channels x height x width, or the size of a vector.
inline std::vector<std::uint64_t> scaling_shape(Shape input) {
  const auto size = [](Index n) { return static_cast<std::uint64_t>(n); };
  if (input.is_flat()) return {size(input.size())};
  return {size(input.channels), size(input.height), size(input.width)};
}

/// Appends the two tensors of a scaling. @throws ShapeError if its size is not that of the model's input
template <class Scalar>
void write_scaling(const Scaling<Scalar>& scaling, Shape input, std::vector<OwnedTensor>& tensors) {
  for (const auto& [name, values] :
       {std::pair("scaling.offset", &scaling.offset), std::pair("scaling.scale", &scaling.scale)}) {
    if (static_cast<Index>(values->size()) != input.size())
      throw ShapeError(
          message({"SaveOptions.", name, " has ", values->size(), " values, the model's samples have ", input.size()}));
    tensors.push_back(tensor_of_values<Scalar>(
        name, scaling_shape(input), image_axes(input, 1),
        [&source = *values](Index index) { return source[static_cast<std::size_t>(index)]; }));
  }
}

}  // namespace eigencoder::detail
