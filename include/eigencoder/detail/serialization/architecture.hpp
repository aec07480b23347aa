#pragma once

#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/serialization/model_schema.hpp>
#include <string>
#include <string_view>

/// @file
/// A model's architecture as text, one line for each part. A file stores it, and loading compares it.
namespace eigencoder::detail {

/// "encoder.2", "decoder.0": a layer's half and its index in it, every layer counted.
inline std::string layer_label(const ModelSchema& schema, std::size_t i) {
  return i < schema.encoder_depth ? "encoder." + std::to_string(i)
                                  : "decoder." + std::to_string(i - schema.encoder_depth);
}

/// The parts from the input to the loss, each on a line: "encoder.0: Conv2d<32, 3, Stride<2>> -> 13x13x32".
[[gnu::cold]] inline std::string architecture_text(const ModelSchema& schema) {
  std::string text = "input: ";
  text.append(schema.input.text().view()).append("\n");
  for (std::size_t i = 0; i < schema.layers.size(); ++i) {
    if (i == schema.encoder_depth && !schema.bottleneck_name.empty())
      text.append("bottleneck: ").append(schema.bottleneck_name).append("\n");
    const LayerSchema& layer = schema.layers[i];
    text.append(layer_label(schema, i)).append(": ").append(layer.name);
    if (layer.has_weight && layer.info.blocks.bias < 0 && layer.name.find("WithoutBias") == std::string::npos)
      text.append(" without bias");
    text.append(" -> ").append(layer.info.out.text().view()).append("\n");
  }
  return text.append("loss: ").append(schema.loss).append("\n");
}

/// Removes and returns the first line of a text.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

/// @throws FileError quoting the first line in which the architectures of the file and of the model differ
inline void require_architecture(std::string_view of_file, std::string_view of_model, const std::string& path) {
  const auto quoted = [](std::string_view line) {
    if (line.empty()) return std::string("nothing more");
    std::string text = "'";
    for (const char c : line.substr(0, 500)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return text + "'";
  };
  while (!of_file.empty() || !of_model.empty()) {
    const std::string_view theirs = take_line(of_file), ours = take_line(of_model);
    if (theirs != ours)
      fail_file("load", path,
                "it is of another architecture: the file has " + quoted(theirs) + ", the model " + quoted(ours));
  }
}

}  // namespace eigencoder::detail
