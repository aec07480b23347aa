#pragma once

#include <charconv>
#include <concepts>
#include <eigencoder/detail/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/evaluation/code_indices.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What a file has to know of a model, without the model's types: all that is made for each model is this list.
namespace eigencoder::detail {

/// How a linear layer makes its matrix of its weight.
struct WeightForm {
  enum class Kind { dense, convolution, copy, other } kind = Kind::other;
  bool transposed = false;                  ///< the adjoint of such a layer
  Index groups = 1, height = 1, width = 1;  ///< of a convolution: its kernel
  Index inputs = 0, outputs = 0;            ///< and the channels of a group
};

/// Layers are told by their kernels: a layer of a user's own on one of these is stored as ours are.
template <class Kernel>
WeightForm weight_form(const Kernel&) {
  return {};
}
template <class Scalar>
WeightForm weight_form(const DenseKernel<Scalar>&) {
  return {.kind = WeightForm::Kind::dense};
}
template <class Scalar>
WeightForm weight_form(const ConvolutionKernel<Scalar>& kernel) {
  const Convolution& of = kernel.of;
  return {.kind = WeightForm::Kind::convolution,
          .groups = of.window.groups,
          .height = of.window.height.kernel,
          .width = of.window.width.kernel,
          .inputs = of.inputs(),
          .outputs = of.outputs()};
}
inline WeightForm weight_form(const CopyKernel&) { return {.kind = WeightForm::Kind::copy}; }
template <class Kernel>
WeightForm weight_form(const Transposed<Kernel>& kernel) {
  WeightForm form = weight_form(kernel.of);
  form.transposed = !form.transposed;
  return form;
}

/// What a file has to know of a layer.
struct LayerSchema {
  std::string name = {};
  LayerInfo info = {};
  LayerKind kind = LayerKind::none;
  WeightForm weight = {};
  bool keeps_places = false;  ///< each value that leaves stands where one entered
  Index adds = -2;            ///< the layer whose output it adds; -1: the model's input
  bool has_weight = false;
  std::span<const std::string_view> tensors = {};  ///< what it calls its blocks
};

/// What a file has to know of a model.
struct ModelSchema {
  enum class Bottleneck { none, posterior, codebook, other };

  Shape input = {};
  std::size_t encoder_depth = 0;
  std::vector<LayerSchema> layers = {};
  ParameterLayout layout{};
  Bottleneck bottleneck = Bottleneck::none;
  std::string bottleneck_name = {};
  std::string loss = {};
  Index loss_block = -1;
  double loss_initial = 0;
};

/// The name of a layer, the same whether its sizes are types or values, with its `setting()`.
template <class L>
std::string form_name(const L& layer) {
  std::string name(part_name(layer).view());
  for (char& c : name) c = c == '{' ? '<' : c == '}' ? '>' : c;
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

template <class L>
LayerSchema layer_form(const L& layer, const LayerInfo& info, [[maybe_unused]] Index link) {
  LayerSchema form{.name = form_name(layer), .info = info, .kind = kind<L>};
  if constexpr (kind<L> == LayerKind::linear) {
    form.weight = weight_form(layer.template kernel<double>(info.in, static_cast<const double*>(nullptr)));
    form.keeps_places = form.weight.kind == WeightForm::Kind::copy;
    form.has_weight = L::has_weight;
  } else if constexpr (std::derived_from<L, Sum>) {
    form.keeps_places = true;
    form.adds = link;
  } else {
    form.keeps_places = kind<L> != LayerKind::skip && info.in == info.out;
  }
  if constexpr (requires { std::span<const std::string_view>(L::tensors); }) form.tensors = L::tensors;
  return form;
}

template <class Bottleneck>
void add_bottleneck(const Bottleneck& bottleneck, ModelSchema& form) {
  if constexpr (std::derived_from<Bottleneck, GaussianPosterior>) {
    form.bottleneck = ModelSchema::Bottleneck::posterior;
    form.bottleneck_name = "Gaussian posterior";
  } else if constexpr (quantizes<Bottleneck>) {
    form.bottleneck = ModelSchema::Bottleneck::codebook;
    form.bottleneck_name = "codebook of " + std::to_string(bottleneck.codes);
    if (bottleneck.groups > 1) form.bottleneck_name += ", " + std::to_string(bottleneck.groups) + " groups";
  } else {
    form.bottleneck = ModelSchema::Bottleneck::other;
    form.bottleneck_name = form_name(bottleneck);
  }
}

/// What changes only how a model learns (corruption, penalties, the kind of divergence) is not in it.
template <class Model>
[[gnu::cold]] ModelSchema model_form(const Model& model) {
  const auto& network = ModelAccess::network(model);
  using Network = std::remove_cvref_t<decltype(network)>;
  using Stack = std::remove_cvref_t<decltype(network.stack)>;
  ModelSchema form{.input = network.input, .encoder_depth = Network::encoder_depth, .layout = network.layout};
  form.layers.reserve(Stack::size);
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    form.layers.push_back(layer_form(get<K>(network.stack.layers), network.stack.layer_info[K], Stack::StackTraits::links[K]));
  });
  if constexpr (Network::Policies::has_bottleneck) add_bottleneck(network.policies.bottleneck(), form);
  form.loss = part_name(network.loss).view();
  form.loss_block = network.loss_block;
  if constexpr (Network::learns_loss) form.loss_initial = network.loss.initial();
  return form;
}

}  // namespace eigencoder::detail
