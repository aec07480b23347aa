#pragma once

#include <cstdint>
#include <cstring>
#include <eigencoder/anomaly.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <string>
#include <vector>

#include "support/malformed.hpp"

// The models whose files are read. Their few bytes hold every kind of tensor.
using TinySelection = eigencoder::Autoencoder<
    eigencoder::Encoder<eigencoder::Input<2>, eigencoder::Dense<2>, eigencoder::BatchNorm, eigencoder::BatchTopK<1>>,
    eigencoder::Decoder<eigencoder::TiedMirror>, eigencoder::LearnedGaussian>;
using TinyCodebook = eigencoder::Autoencoder<eigencoder::Encoder<eigencoder::Input<2>, eigencoder::Dense<2>>,
                                             eigencoder::Decoder<eigencoder::Mirror>, eigencoder::SquaredError,
                                             eigencoder::VectorQuantized<2>, eigencoder::Precision<double>>;

using TinyDetector = eigencoder::AnomalyDetector<
    eigencoder::Autoencoder<eigencoder::Encoder<eigencoder::Input<2>, eigencoder::Dense<1>>,
                            eigencoder::Decoder<eigencoder::Mirror>, eigencoder::SquaredError>,
    eigencoder::MahalanobisScore, eigencoder::NearestReconstructionScore>;

/// A detector that was not fitted.
inline TinyDetector tiny_detector() {
  return TinyDetector(TinyDetector::Model{}, {.average = eigencoder::ScoreAverage::standardized}, {}, {.neighbors = 2, .memory = 3});
}

/// The prefix of names in files of another program.
inline constexpr const char* tiny_prefix = "m.";

/// Appends a value as a type of 2, 4 or 8 bytes. Of 2 bytes it is a bfloat16, which is also a valid F16.
inline void append_value(std::vector<std::uint8_t>& bytes, double value, unsigned width) {
  const auto single = static_cast<float>(value);
  std::uint8_t stored[8];
  std::memcpy(stored, &value, sizeof value);
  if (width < 8) std::memcpy(stored, &single, sizeof single);
  bytes.insert(bytes.end(), width == 2 ? stored + 2 : stored, stored + (width == 2 ? 4 : width));
}

/// The file of a model and a scaling in this type, as another program would write it.
template <class Model>
std::vector<std::uint8_t> foreign_file(const Model& model, eigencoder::detail::DType type, const std::string& prefix) {
  using namespace eigencoder::detail;
  std::vector<OwnedTensor> tensors = model_contents(model, {}).tensors;
  write_scaling<typename Model::Scalar>({{1, 2}, {3, 4}}, model.input_shape(), tensors);
  std::string header;
  std::vector<std::uint8_t> data;
  for (const OwnedTensor& tensor : tensors) {
    const bool is_count = tensor.type == DType::I64;
    const auto begin = data.size();
    if (is_count) data.insert(data.end(), tensor.bytes.begin(), tensor.bytes.end());
    for (std::size_t i = 0; !is_count && i < tensor.bytes.size() / dtype_bytes(tensor.type); ++i)
      append_value(data, value_at<double>(tensor.type, tensor.bytes.data(), i), dtype_bytes(type));
    std::string shape;
    for (const auto side : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(side);
    const std::string type_name(dtype_name(is_count ? DType::I64 : type));
    header += (header.empty() ? "{\"" : ",\"") + prefix + tensor.name + R"(":{"dtype":")" + type_name +
              R"(","shape":[)" + shape + R"(],"data_offsets":[)" + std::to_string(begin) + "," +
              std::to_string(data.size()) + "]}";
  }
  std::vector<std::uint8_t> file = safetensors_bytes(header + "}", 0);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}
