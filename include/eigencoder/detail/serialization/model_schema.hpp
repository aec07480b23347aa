#pragma once

#include <charconv>
#include <concepts>
#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/evaluation/codes.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// A description of a model that does not depend on its types, so that reading and writing files is compiled once and
/// not for every model. As text, one line for each part, it is the model's architecture: a file stores it, and loading
/// compares it.
namespace eigencoder::detail {

/// How a linear layer stores its weight.
struct WeightSchema {
  enum class Kind { dense, convolution, copy, other } kind = Kind::other;
  bool transposed = false;                  ///< the layer is the adjoint of such a layer
  Index groups = 1, height = 1, width = 1;  ///< of a convolution's kernel
  Index inputs = 0, outputs = 0;            ///< channels of one group of a convolution
};

/// The kernel decides: a layer of a user's own that has one of the library's kernels is stored as the library's layers.
template <class Kernel>
WeightSchema weight_schema(const Kernel&) {
  return {};
}
template <class Scalar>
WeightSchema weight_schema(const DenseKernel<Scalar>&) {
  return {.kind = WeightSchema::Kind::dense};
}
template <class Scalar>
WeightSchema weight_schema(const ConvolutionKernel<Scalar>& kernel) {
  const Convolution& convolution = kernel.convolution;
  return {.kind = WeightSchema::Kind::convolution,
          .groups = convolution.window.groups,
          .height = convolution.window.height.kernel,
          .width = convolution.window.width.kernel,
          .inputs = convolution.inputs(),
          .outputs = convolution.outputs()};
}
inline WeightSchema weight_schema(const CopyKernel&) { return {.kind = WeightSchema::Kind::copy}; }
template <class Kernel>
WeightSchema weight_schema(const Transposed<Kernel>& kernel) {
  WeightSchema schema = weight_schema(kernel.original);
  schema.transposed = !schema.transposed;
  return schema;
}

/// The description of a layer.
struct LayerSchema {
  std::string name = {};  ///< as `stored_name` spells it
  LayerInfo info = {};
  LayerKind kind = LayerKind::none;
  WeightSchema weight = {};
  bool preserves_order = false;  ///< output value i belongs to input value i
  Index sum_source = -2;         ///< the layer whose output it adds; -1: the model's input; -2: it adds none
  bool has_weight = false;
  std::span<const std::string_view> tensors = {};  ///< names that the layer gives its blocks
};

/// The description of a model.
struct ModelSchema {
  enum class Bottleneck { none, posterior, codebook, other };

  Shape input = {};
  Shape target = {};        ///< of the output; that of the input unless a policy sets another
  bool feeds_mask = false;  ///< whether the encoder gets the mask of known values too
  std::size_t encoder_depth = 0;
  std::vector<LayerSchema> layers = {};
  ParameterLayout layout{};
  Bottleneck bottleneck = Bottleneck::none;
  std::string bottleneck_name = {};
  std::string loss = {};
  std::string loss_description = {};  ///< further lines, each ended
  Index loss_block = -1;              ///< the parameter block of a loss that learns; -1: it does not
  std::vector<double> loss_initial = {};  ///< the initial values of that block
};

/// The name of a layer as files spell it: the same whether its sizes are types or values, with its `setting()`.
/// `AtLayer` is `At` there, the type's name when the format was defined.
template <class L>
std::string stored_name(const L& layer) {
  std::string name(part_name(layer).view());
  for (char& c : name) c = c == '{' ? '<' : c == '}' ? '>' : c;
  constexpr std::string_view current = "<AtLayer<", stored = "<At<";
  for (auto i = name.find(current); i != name.npos; i = name.find(current)) name.replace(i, current.size(), stored);
  if constexpr (requires {
                  { layer.setting() } -> std::same_as<Setting>;
                }) {
    const Setting setting = layer.setting();
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, setting.value).ptr;
    name.append("(").append(setting.name).append(" = ").append(digits, end).append(")");
  }
  return name;
}

/// `link`: the layer that a skip layer reads.
template <class L>
LayerSchema layer_schema(const L& layer, const LayerInfo& info, [[maybe_unused]] Index link) {
  LayerSchema schema{.name = stored_name(layer), .info = info, .kind = kind<L>};
  if constexpr (kind<L> == LayerKind::linear) {
    schema.weight = weight_schema(layer.template kernel<double>(info.in, static_cast<const double*>(nullptr)));
    schema.preserves_order = schema.weight.kind == WeightSchema::Kind::copy;
    schema.has_weight = L::has_weight;
  } else if constexpr (std::derived_from<L, SkipSum>) {
    schema.preserves_order = true;
    schema.sum_source = link;
  } else {
    schema.preserves_order = kind<L> != LayerKind::skip && info.in == info.out;
  }
  if constexpr (requires { std::span<const std::string_view>(L::tensors); }) schema.tensors = L::tensors;
  return schema;
}

template <class Bottleneck>
void set_bottleneck(const Bottleneck& bottleneck, ModelSchema& schema) {
  if constexpr (std::derived_from<Bottleneck, GaussianPosterior>) {
    schema.bottleneck = ModelSchema::Bottleneck::posterior;
    schema.bottleneck_name = "Gaussian posterior";
  } else if constexpr (QuantizingBottleneck<Bottleneck>) {
    schema.bottleneck = ModelSchema::Bottleneck::codebook;
    schema.bottleneck_name = "codebook of " + std::to_string(bottleneck.codes);
    if (bottleneck.groups > 1) schema.bottleneck_name += ", " + std::to_string(bottleneck.groups) + " groups";
  } else {
    schema.bottleneck = ModelSchema::Bottleneck::other;
    schema.bottleneck_name = stored_name(bottleneck);
  }
}

/// Describes a network of layers and a loss.
template <class Network>
[[gnu::cold]] ModelSchema network_schema(const Network& network) {
  using Stack = std::remove_cvref_t<decltype(network.stack)>;
  ModelSchema schema{.input = network.input, .target = network.target, .encoder_depth = Network::encoder_depth,
                     .layout = network.layout};
  schema.feeds_mask = Network::Policies::feeds_mask;
  schema.layers.reserve(Stack::size);
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    schema.layers.push_back(
        layer_schema(get<K>(network.stack.layers), network.stack.layer_info[K], Stack::StackTraits::skip_sources[K]));
  });
  if constexpr (Network::Policies::has_bottleneck) set_bottleneck(network.policies.bottleneck(), schema);
  schema.loss = part_name(network.loss).view();
  schema.loss_block = network.loss_block;
  if constexpr (requires { std::string(network.loss.description()); })
    schema.loss_description = network.loss.description();
  if constexpr (Network::learns_loss)
    for (Index i = 0; schema.loss_block >= 0 && i < schema.layout.block(schema.loss_block).size(); ++i)
      schema.loss_initial.push_back(network.loss.initial_value(i));
  return schema;
}

/// Describes a model; one that is no stack of layers describes itself. What changes training alone (corruption,
/// penalties, the kind of divergence) is left out.
template <class Model>
[[gnu::cold]] ModelSchema model_schema(const Model& model) {
  const auto& network = ModelAccess::network(model);
  ModelSchema schema;
  if constexpr (requires { network.describe(schema); }) network.describe(schema);
  else schema = network_schema(network);
  return schema;
}

/// "encoder.2", "decoder.0": a layer's half and its index in it, every layer counted.
inline std::string layer_label(const ModelSchema& schema, std::size_t i) {
  return i < schema.encoder_depth ? "encoder." + std::to_string(i)
                                  : "decoder." + std::to_string(i - schema.encoder_depth);
}

/// The parts from the input to the loss, each on a line: "encoder.0: Conv2d<32, 3, Stride<2>> -> 13x13x32".
[[gnu::cold]] inline std::string architecture_text(const ModelSchema& schema) {
  std::string text = "input: ";
  text.append(schema.input.text().view()).append(schema.feeds_mask ? " and their mask\n" : "\n");
  for (std::size_t i = 0; i < schema.layers.size(); ++i) {
    if (i == schema.encoder_depth && !schema.bottleneck_name.empty())
      text.append("bottleneck: ").append(schema.bottleneck_name).append("\n");
    const LayerSchema& layer = schema.layers[i];
    text.append(layer_label(schema, i)).append(": ").append(layer.name);
    if (layer.has_weight && layer.info.blocks.bias < 0 && layer.name.find("WithoutBias") == std::string::npos)
      text.append(" without bias");
    text.append(" -> ").append(layer.info.out.text().view()).append("\n");
  }
  if (schema.target != schema.input) text.append("target: ").append(schema.target.text().view()).append("\n");
  return text.append("loss: ").append(schema.loss).append("\n").append(schema.loss_description);
}

/// Removes and returns the first line of a text.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

/// A line of a file's text, in quotes, for a message.
[[gnu::cold]] inline std::string quoted_line(std::string_view line) {
  if (line.empty()) return "nothing more";
  std::string text = "'";
  for (const char c : line.substr(0, 500)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return text + "'";
}

/// @throws FileError quoting the first line in which the architectures of the file and of the model differ: "`subject`
///         of another architecture"
inline void require_architecture(std::string_view of_file, std::string_view of_model, const std::string& path,
                                 const std::string& subject = "it is") {
  while (!of_file.empty() || !of_model.empty()) {
    const std::string_view theirs = take_line(of_file), ours = take_line(of_model);
    if (theirs != ours)
      fail_file("load", path,
                subject + " of another architecture: the file has " + quoted_line(theirs) + ", the model " +
                    quoted_line(ours));
  }
}

}  // namespace eigencoder::detail
