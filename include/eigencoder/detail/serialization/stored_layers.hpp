#pragma once

#include <eigencoder/detail/serialization/model_schema.hpp>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What the architecture in a file's metadata tells of a layer, and its tensors do not: the order of its values.
namespace eigencoder::detail {

/// The layers that an architecture lists, and the shapes between them.
struct StoredLayers {
  std::vector<std::string> labels;  ///< "encoder.0"
  std::vector<std::string> names;   ///< "Dense<5>"
  std::vector<std::string> shapes;  ///< of the input, then of each layer's output: "8", "13x13x32"

  [[gnu::cold]] explicit StoredLayers(std::string_view architecture) {
    while (!architecture.empty()) {
      const std::string_view line = take_line(architecture);
      const std::size_t colon = line.find(": "), arrow = line.rfind(" -> ");
      if (line.starts_with("input: ")) shapes.assign(1, std::string(line.substr(7, line.find(' ', 7) - 7)));
      if (!(line.starts_with("encoder.") || line.starts_with("decoder.")) || colon == line.npos || arrow == line.npos ||
          arrow < colon)
        continue;
      shapes.resize(labels.size() + 1);
      labels.emplace_back(line.substr(0, colon));
      names.emplace_back(line.substr(colon + 2, arrow - colon - 2));
      shapes.emplace_back(line.substr(arrow + 4));
    }
  }

  static bool is_image(std::string_view shape) { return shape.find('x') != shape.npos; }

  /// The image whose values shape i holds, though it may be a vector; the shape itself where there is none near. Beyond
  /// a sum any image counts, as its other part may come from there.
  std::string order(std::size_t i) const {
    if (is_image(shapes[i])) return shapes[i];
    bool any = false;
    for (std::size_t k = i; k > 0 && (passes(k - 1, any)); --k)
      if (is_image(shapes[k - 1])) return shapes[k - 1];
    any = false;
    for (std::size_t k = i; k < names.size() && passes(k, any); ++k)
      if (is_image(shapes[k + 1])) return shapes[k + 1];
    return shapes[i];
  }

  /// Whether the adjoint of a convolution: a transposed one, or a mirrored one.
  static bool is_adjoint(std::string_view name) {
    const bool mirrored = name.starts_with("Mirrored(") || name.starts_with("Tied(");
    return mirrored != (name.find("ConvTranspose2d") != name.npos);
  }

 private:
  /// Whether layer k may keep the order of its values.
  bool passes(std::size_t k, bool& any) const {
    any = any || names[k].find("sum") != std::string::npos || names[k].find("Skip") != std::string::npos;
    return any || names[k].find("Dense") == std::string::npos;
  }
};

/// Why layer i of a model cannot have the values of layer j of a file, though their tensors have the same sizes; empty
/// if it can. Convolutions, and what belongs to channels, do not depend on an image's sides.
[[gnu::cold]] inline std::string other_meaning(const StoredLayers& file, std::size_t j, const StoredLayers& model,
                                               std::size_t i, const LayerSchema& layer) {
  const auto base = [](const std::string& name) { return name.substr(0, name.find_first_of("<(")); };
  const auto differs = [](const std::string& theirs, const std::string& ours) {
    return "it is " + theirs + " in the file, " + ours + " in the model";
  };
  if (layer.kind != LayerKind::linear) {
    if (base(file.names[j]) != base(model.names[i])) return differs(base(file.names[j]), base(model.names[i]));
    if (StoredLayers::is_image(file.shapes[j]) && StoredLayers::is_image(model.shapes[i])) return "";
  } else if (layer.weight.kind == WeightSchema::Kind::convolution) {
    const bool same = StoredLayers::is_adjoint(file.names[j]) == StoredLayers::is_adjoint(model.names[i]);
    return same ? "" : differs(file.names[j], model.names[i]);
  } else if (layer.weight.kind != WeightSchema::Kind::dense) {
    return "";
  }
  for (std::size_t side = 0; side < 2; ++side)
    if (const std::string theirs = file.order(j + side), ours = model.order(i + side); theirs != ours)
      return std::string(side == 0 ? "its input" : "its output") + " has the order of " + theirs +
             " values in the file, of " + ours + " in the model";
  return "";
}

}  // namespace eigencoder::detail
