#pragma once

#include <cstdint>
#include <eigencoder/detail/serialization/channel_order.hpp>
#include <eigencoder/detail/serialization/model_schema.hpp>
#include <eigencoder/extend/layer.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The tensors of a model as PyTorch's `state_dict` would have them: their names, their shapes, and where each value is
/// among the model's parameters or statistics.
namespace eigencoder::detail {

/// A tensor of a model's state dict. `for_each_index(axes, offset, ...)` visits its values, the last dimension fastest.
struct StateTensor {
  /// Where its values are: in the parameters, in the statistics, computed from these, or the number of training steps.
  enum class Source { parameters, statistics, codebook, step_count };

  std::string name;
  Source source = Source::parameters;
  std::vector<std::uint64_t> shape = {};
  Index offset = 0;
  std::vector<Axis> axes = {};
  bool required = true;      ///< PyTorch writes it too
  std::string tied_to = {};  ///< the earlier tensor with the same values; empty if the weight is not tied
};

/// Builds the list that `state_tensors` returns.
class StateDictBuilder {
 public:
  [[gnu::cold]] explicit StateDictBuilder(const ModelSchema& schema)
      : schema_(schema), orders_(channel_orders(schema)) {
    for (std::size_t i = 0; i < schema.layers.size(); ++i) {
      const std::string prefix = layer_label(schema, i) + '.';
      if (schema.layers[i].kind == LayerKind::linear)
        add_linear(i, schema.layers[i].info.blocks, prefix);
      else
        add_custom(i, prefix);
    }
    if (schema.bottleneck != ModelSchema::Bottleneck::none) add_bottleneck();
    if (schema.loss_block >= 0) {
      const ParameterBlock& block = schema.layout.block(schema.loss_block);
      const bool single = block.size() == 1;
      add("loss.log_variance", Source::parameters, block.offset, single ? Sizes{} : Sizes{block.size()},
          single ? Axes{} : Axes{{block.size(), 1}}).required = false;
    }
  }

  std::vector<StateTensor> take() { return std::move(tensors_); }

 private:
  using Source = StateTensor::Source;
  using Axes = std::vector<Axis>;
  using Sizes = std::vector<Index>;
  struct BlockRange {
    Index first, end;
  };

  /// Concatenates axes, without those of size 1.
  static Axes joined(std::initializer_list<Axes> parts) {
    Axes all;
    for (const Axes& part : parts)
      for (const Axis& axis : part)
        if (axis.size > 1) all.push_back(axis);
    return all;
  }

  StateTensor& add(std::string name, Source source, Index offset, const Sizes& shape, Axes axes) {
    StateTensor tensor{.name = std::move(name), .source = source, .offset = offset, .axes = std::move(axes)};
    for (const Index size : shape) tensor.shape.push_back(static_cast<std::uint64_t>(size));
    tensors_.push_back(std::move(tensor));
    return tensors_.back();
  }

  /// The weight and the bias of linear layer i, or of the posterior's second layer like it.
  void add_linear(std::size_t i, const LinearBlocks& blocks, const std::string& prefix) {
    const WeightSchema& w = schema_.layers[i].weight;
    const ChannelOrder &in = orders_[i], &out = orders_[i + 1];
    const bool grouped = w.kind == WeightSchema::Kind::convolution && w.groups > 1;  // its channels keep their order
    bool plain = true;  // in the order of memory
    if (blocks.weight >= 0) {
      const ParameterBlock& block = schema_.layout.block(blocks.weight);
      Sizes shape{block.rows, block.cols};
      Axes axes{{block.rows, block.cols}, {block.cols, 1}};
      const Index taps = w.height * w.width, tap = w.inputs * w.outputs;
      if (w.kind == WeightSchema::Kind::dense && in.shape.size() * out.shape.size() == block.size()) {
        plain = false;
        shape = {out.shape.size(), in.shape.size()};
        axes = joined({out.value_axes(w.transposed ? 1 : block.cols), in.value_axes(w.transposed ? block.cols : 1)});
      } else if (w.kind == WeightSchema::Kind::convolution && w.groups * taps * tap == block.size()) {
        plain = grouped;
        shape = {w.groups * w.outputs, w.inputs, w.height, w.width};
        const ChannelOrder &from = w.transposed ? out : in, &to = w.transposed ? in : out;
        const Axes outputs = grouped ? Axes{{w.groups, taps * tap}, {w.outputs, 1}} : to.channel_axes(1);
        const Axes inputs = grouped ? Axes{{w.inputs, w.outputs}} : from.channel_axes(w.outputs);
        axes = joined({outputs, inputs, Axes{{w.height, w.width * tap}, {w.width, tap}}});
      }
      StateTensor& tensor = add(prefix + "weight", Source::parameters, block.offset, shape, std::move(axes));
      for (const StateTensor& other : tensors_)
        if (&other != &tensor && other.source == Source::parameters && other.offset == tensor.offset)
          tensor.tied_to = other.name;
    }
    if (blocks.bias >= 0) {
      const Index size = blocks.bias_period;
      const Axes axes = plain                        ? Axes{{size, 1}}
                        : size == out.shape.size()   ? out.value_axes(1)
                        : size == out.shape.channels ? out.channel_axes(1)
                                                     : Axes{{size, 1}};
      add(prefix + "bias", Source::parameters, schema_.layout.block(blocks.bias).offset, {size}, joined({axes}));
    }
  }

  /// The blocks of layer i. One value for each channel, or one for each value, is permuted; any other block is not.
  void add_custom(std::size_t i, const std::string& prefix) {
    const LayerSchema& layer = schema_.layers[i];
    const ChannelOrder& in = orders_[i];
    const auto add_block = [&](std::string name, Source source, Index offset, Index rows,
                               Index cols) -> StateTensor& {
      const Index size = rows * cols;
      if (size == in.shape.channels) return add(std::move(name), source, offset, {size}, joined({in.channel_axes(1)}));
      if (size == in.shape.size())
        return add(std::move(name), source, offset, {in.shape.channels, in.shape.height, in.shape.width},
                   joined({in.value_axes(1)}));
      return add_plain(std::move(name), source, offset, rows, cols);
    };
    add_blocks(prefix, layer.tensors, parameter_blocks(i), statistics_blocks(i), add_block);
  }

  /// A block in the order of memory.
  StateTensor& add_plain(std::string name, Source source, Index offset, Index rows, Index cols) {
    const Sizes shape = cols > 1 ? Sizes{rows, cols} : Sizes{rows};
    return add(std::move(name), source, offset, shape, Axes{{rows * cols, 1}});
  }

  /// Calls `add_block(name, source, offset, rows, cols)` for blocks of parameters and of statistics. They are named by
  /// `names`, and those beyond its end after their kind.
  template <class AddBlock>
  void add_blocks(const std::string& prefix, std::span<const std::string_view> names, BlockRange parameters,
                  BlockRange statistics, const AddBlock& add_block) {
    const std::size_t before = tensors_.size();
    std::size_t next_name = 0;
    const auto name_for = [&](std::string_view kind) {
      std::string name = prefix;
      name += next_name < names.size() ? names[next_name] : kind;
      ++next_name;
      const std::string plain = name;
      for (std::size_t k = before, n = 1; k < tensors_.size(); ++k)
        if (tensors_[k].name == name) name = plain + '_' + std::to_string(++n), k = before;
      return name;
    };
    for (Index i = parameters.first; i < parameters.end; ++i) {
      const ParameterBlock& b = schema_.layout.block(i);
      const bool factor = b.kind == ParameterKind::weight || b.kind == ParameterKind::scale;
      add_block(name_for(factor ? "weight" : "bias"), Source::parameters, b.offset, b.rows, b.cols);
    }
    bool normalizes = false;
    for (Index i = statistics.first; i < statistics.end; ++i) {
      const StatisticsBlock& b = schema_.layout.statistics_block(i);
      StateTensor& tensor = add_block(name_for("statistics"), Source::statistics, b.offset, b.size, 1);
      tensor.required = tensor.name.find(".running_") != tensor.name.npos;
      normalizes = normalizes || tensor.required;
    }
    if (normalizes) add(prefix + "num_batches_tracked", Source::step_count, 0, {}, {}).required = false;
  }

  void add_bottleneck() {
    const std::size_t last = schema_.layers.size() - 1;
    const Index block = parameter_blocks(last).end, statistics = statistics_blocks(last).end;
    const std::size_t code = schema_.encoder_depth - 1;
    const ChannelOrder& out = orders_[schema_.encoder_depth];
    if (schema_.bottleneck == ModelSchema::Bottleneck::posterior) {
      LinearBlocks log_variance = schema_.layers[code].info.blocks;
      log_variance.weight = block;
      if (log_variance.bias >= 0) log_variance.bias = block + 1;
      return add_linear(code, log_variance, "bottleneck.log_variance.");
    }
    if (schema_.bottleneck == ModelSchema::Bottleneck::codebook) {
      const StatisticsBlock& counts = schema_.layout.statistics_block(statistics);
      const StatisticsBlock& sums = schema_.layout.statistics_block(statistics + 1);
      const Index codes = counts.size, width = sums.size / codes;
      const Axes vectors = width == out.shape.channels ? out.channel_axes(1) : Axes{{width, 1}};
      const Axes axes = joined({Axes{{codes, width}}, vectors});
      add("bottleneck.codebook", Source::codebook, 0, {codes, width}, axes);
      add("bottleneck.counts", Source::statistics, counts.offset, {codes}, {{codes, 1}}).required = false;
      add("bottleneck.sums", Source::statistics, sums.offset, {codes, width}, axes).required = false;
      return;
    }
    const Index end = schema_.loss_block >= 0 ? schema_.loss_block : static_cast<Index>(schema_.layout.blocks().size());
    add_blocks("bottleneck.", {}, {block, end},
               {statistics, static_cast<Index>(schema_.layout.statistics_blocks().size())},
               [&](std::string name, Source source, Index offset, Index rows, Index cols) -> StateTensor& {
                 return add_plain(std::move(name), source, offset, rows, cols);
               });
  }

  // The blocks of layer i. Those of the bottleneck and of the loss come after those of all layers.
  BlockRange parameter_blocks(std::size_t i) const {
    const Index first = schema_.layers[i].info.first_block;
    if (i + 1 < schema_.layers.size()) return {first, schema_.layers[i + 1].info.first_block};
    return {first, end_of_layer(schema_.layout.blocks(), first, i, schema_.loss_block)};
  }
  BlockRange statistics_blocks(std::size_t i) const {
    const Index first = schema_.layers[i].info.first_statistics;
    if (i + 1 < schema_.layers.size()) return {first, schema_.layers[i + 1].info.first_statistics};
    return {first, end_of_layer(schema_.layout.statistics_blocks(), first, i, -1)};
  }
  template <class Blocks>
  static Index end_of_layer(const Blocks& blocks, Index end, std::size_t layer, Index stop) {
    while (end < static_cast<Index>(blocks.size()) && end != stop &&
           blocks[static_cast<std::size_t>(end)].layer == static_cast<Index>(layer))
      ++end;
    return end;
  }

  const ModelSchema& schema_;
  std::vector<ChannelOrder> orders_;
  std::vector<StateTensor> tensors_;
};

/// The tensors of a model: those of its layers in their order, then of the bottleneck, then of the loss.
inline std::vector<StateTensor> state_tensors(const ModelSchema& schema) { return StateDictBuilder(schema).take(); }

}  // namespace eigencoder::detail
