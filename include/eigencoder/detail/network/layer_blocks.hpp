#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/layers/dense.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eigencoder::detail {

/// What the values of a layer's blocks mean, beyond their sizes.
struct BlockMeaning {
  std::string name = {};    ///< of a custom layer, or of a user's own kernel, without sizes; empty for other layers
  bool dense = false;       ///< the weight is a matrix
  bool transposed = false;  ///< a linear layer is the adjoint of the layer that its weight is stored for
  Index groups = 0, height = 0, width = 0, inputs = 0, outputs = 0;  ///< of a convolution's weight

  bool operator==(const BlockMeaning&) const = default;
  std::string text() const {
    if (!name.empty()) return name;
    if (dense) return transposed ? "a transposed matrix" : "a matrix";
    const auto sides = [](Index a, const char* between, Index b) {
      return std::to_string(a) + between + std::to_string(b);
    };
    return (groups > 1 ? std::to_string(groups) + " groups of " : "") + sides(height, "x", width) + " kernels from " +
           sides(inputs, " to ", outputs) + " channels" + (transposed ? ", transposed" : "");
  }
};

/// "LayerNorm" of "LayerNorm<...>".
inline std::string without_sizes(std::string_view name) {
  return std::string(name.substr(0, name.find_first_of("<{(")));
}

template <class Kernel>
BlockMeaning weight_meaning(const Kernel&) {
  return {.name = std::string(type_name<Kernel>().view())};
}
template <class Scalar>
BlockMeaning weight_meaning(const DenseKernel<Scalar>&) {
  return {.dense = true};
}
template <class Scalar>
BlockMeaning weight_meaning(const ConvolutionKernel<Scalar>& kernel) {
  const Convolution& convolution = kernel.convolution;
  return {.groups = convolution.window.groups,
          .height = convolution.window.height.kernel,
          .width = convolution.window.width.kernel,
          .inputs = convolution.inputs(),
          .outputs = convolution.outputs()};
}
template <class Kernel>
BlockMeaning weight_meaning(const Transposed<Kernel>& kernel) {
  BlockMeaning meaning = weight_meaning(kernel.original);
  meaning.transposed = !meaning.transposed;
  return meaning;
}

template <class L>
BlockMeaning block_meaning(const L& layer, [[maybe_unused]] Shape in) {
  if constexpr (kind<L> == LayerKind::linear)
    return weight_meaning(layer.template kernel<double>(in, static_cast<const double*>(nullptr)));
  else
    return {.name = without_sizes(part_name(layer).view())};
}

/// Blocks first, ..., first + count - 1 of a layout.
struct BlockRange {
  Index first = 0, count = 0;
};

/// The parameter blocks and the blocks of statistics of each layer of a model, whatever its types.
struct LayerBlocks {
  struct Blocks {
    BlockRange parameters, statistics;
    BlockMeaning meaning;
  };

  const ParameterLayout& layout;
  Index encoder_depth;
  std::vector<Blocks> of_layer = {};

  Index layers() const { return static_cast<Index>(of_layer.size()); }
  const BlockRange& parameters(Index layer) const { return of_layer[static_cast<std::size_t>(layer)].parameters; }
  const BlockRange& statistics(Index layer) const { return of_layer[static_cast<std::size_t>(layer)].statistics; }
  const ParameterBlock& parameter(Index layer, Index i) const { return layout.block(parameters(layer).first + i); }
  const StatisticsBlock& statistic(Index layer, Index i) const {
    return layout.statistics_block(statistics(layer).first + i);
  }
  const BlockMeaning& meaning(Index layer) const { return of_layer[static_cast<std::size_t>(layer)].meaning; }
  /// "decoder.0": as model files name the layer.
  std::string label(Index layer) const {
    return layer < encoder_depth ? "encoder." + std::to_string(layer)
                                 : "decoder." + std::to_string(layer - encoder_depth);
  }
};

/// The blocks of a network's layers. Those of the bottleneck and of the loss come after those of all layers.
template <class Network>
[[gnu::cold]] LayerBlocks layer_blocks(const Network& network) {
  LayerBlocks blocks{network.layout, static_cast<Index>(Network::encoder_depth)};
  const auto& info = network.stack.layer_info;
  const auto count_of = [](const auto& all, Index first, Index layer, Index stop) {
    Index end = first;
    while (end < static_cast<Index>(all.size()) && end != stop && all[static_cast<std::size_t>(end)].layer == layer)
      ++end;
    return BlockRange{first, end - first};
  };
  for (std::size_t k = 0; k < Network::layer_count; ++k) {
    const bool is_last = k + 1 == Network::layer_count;
    const Index stop = is_last ? network.loss_block : info[k + 1].first_block;
    const Index stop_statistics = is_last ? -1 : info[k + 1].first_statistics;
    blocks.of_layer.push_back(
        {count_of(network.layout.blocks(), info[k].first_block, static_cast<Index>(k), stop),
         count_of(network.layout.statistics_blocks(), info[k].first_statistics, static_cast<Index>(k), stop_statistics),
         {}});
  }
  using Stack = std::remove_cvref_t<decltype(network.stack)>;
  Stack::template each<0, Stack::size>(
      [&]<std::size_t K>() { blocks.of_layer[K].meaning = block_meaning(get<K>(network.stack.layers), info[K].in); });
  return blocks;
}

/// Whether a weight is a matrix in both models, and stored transposed in one of them: a mirrored layer stores it as the
/// encoder's layer does.
inline bool is_transposed_in_one(const LayerBlocks& from, const LayerBlocks& to, Index layer, Index i) {
  const BlockMeaning &a = from.meaning(layer), &b = to.meaning(layer);
  return a.dense && b.dense && a.transposed != b.transposed && from.parameter(layer, i).kind == ParameterKind::weight;
}

/// @throws ShapeError unless a layer has blocks of the same kinds, sizes and meaning in both models
[[gnu::cold]] inline void require_same_blocks(const LayerBlocks& from, const LayerBlocks& to, Index layer) {
  const auto fail = [&](const std::string& theirs, const std::string& ours, const char* what) {
    const std::string a = from.label(layer), b = to.label(layer);
    throw ShapeError(message({"copy_layers: layer ", layer, " (", a, ") has ", theirs, what,
                              ", that of the other model ", a == b ? "" : "(" + b + ") ", ours}));
  };
  const auto sizes = [](const ParameterBlock& block) {
    return std::to_string(block.rows) + " x " + std::to_string(block.cols);
  };
  const auto require_equal = [&](Index theirs, Index ours, const char* what) {
    if (theirs != ours) fail(std::to_string(theirs), std::to_string(ours), what);
  };
  require_equal(from.parameters(layer).count, to.parameters(layer).count, " blocks of parameters");
  require_equal(from.statistics(layer).count, to.statistics(layer).count, " blocks of running statistics");
  bool has_meaning = from.statistics(layer).count > 0;
  for (Index i = 0; i < from.parameters(layer).count; ++i) {
    const ParameterBlock &a = from.parameter(layer, i), &b = to.parameter(layer, i);
    const bool swapped = is_transposed_in_one(from, to, layer, i);
    if (a.kind != b.kind || a.rows != (swapped ? b.cols : b.rows) || a.cols != (swapped ? b.rows : b.cols))
      fail(sizes(a), sizes(b), " parameters");
    has_meaning = has_meaning || (a.kind != ParameterKind::bias && !swapped);
  }
  for (Index i = 0; i < from.statistics(layer).count; ++i)
    require_equal(from.statistic(layer, i).size, to.statistic(layer, i).size, " values of running statistics");
  if (has_meaning && !(from.meaning(layer) == to.meaning(layer)))
    fail("parameters of " + from.meaning(layer).text(), "those of " + to.meaning(layer).text(), "");
}

}  // namespace eigencoder::detail
