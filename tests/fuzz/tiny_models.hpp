#pragma once

#include <cstdint>
#include <cstring>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <string>
#include <vector>

#include "support/malformed.hpp"

// The models whose files are read: all kinds of tensors in a few bytes.
using TinySelection = eigencoder::Autoencoder<
    eigencoder::Encoder<eigencoder::Input<2>, eigencoder::Dense<2>, eigencoder::BatchNorm, eigencoder::BatchTopK<1>>,
    eigencoder::Decoder<eigencoder::TiedMirror>, eigencoder::LearnedGaussian>;
using TinyCodebook = eigencoder::Autoencoder<eigencoder::Encoder<eigencoder::Input<2>, eigencoder::Dense<2>>,
                                             eigencoder::Decoder<eigencoder::Mirror>, eigencoder::SquaredError,
                                             eigencoder::VectorQuantized<2>, eigencoder::Precision<double>>;

/// What the names of a file from elsewhere begin with.
inline constexpr const char* tiny_prefix = "m.";

/// A value in a type of 2, 4 or 8 bytes; in one of 2 as a bfloat16, which as an F16 is some number too.
inline void append_value(std::vector<std::uint8_t>& bytes, double value, unsigned width) {
  const auto single = static_cast<float>(value);
  std::uint8_t room[8];
  std::memcpy(room, &value, sizeof value);
  if (width < 8) std::memcpy(room, &single, sizeof single);
  bytes.insert(bytes.end(), width == 2 ? room + 2 : room, room + (width == 2 ? 4 : width));
}

/// The file of a model and of a scaling as another program would write it, in this type.
template <class Model>
std::vector<std::uint8_t> foreign_file(const Model& model, eigencoder::detail::DType type, const std::string& prefix) {
  using namespace eigencoder::detail;
  std::vector<OwnedTensor> tensors = model_tensors(model);
  add_scaling<typename Model::Scalar>({{1, 2}, {3, 4}}, model.input_shape(), tensors);
  std::string header;
  std::vector<std::uint8_t> data;
  for (const OwnedTensor& tensor : tensors) {
    const bool count = tensor.type == DType::I64;
    const auto begin = data.size();
    if (count) data.insert(data.end(), tensor.bytes.begin(), tensor.bytes.end());
    for (std::size_t i = 0; !count && i < tensor.bytes.size() / dtype_bytes(tensor.type); ++i)
      append_value(data, value_at<double>(tensor.type, tensor.bytes.data(), i), dtype_bytes(type));
    std::string shape;
    for (const auto side : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(side);
    header += (header.empty() ? "{\"" : ",\"") + prefix + tensor.name + R"(":{"dtype":")" +
              std::string(dtype_name(count ? DType::I64 : type)) + R"(","shape":[)" + shape + R"(],"data_offsets":[)" +
              std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
  }
  std::vector<std::uint8_t> file = safetensors_bytes(header + "}", 0);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}
