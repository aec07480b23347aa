#pragma once

#include <cstdint>
#include <eigencoder/detail/serialization/architecture.hpp>
#include <eigencoder/detail/serialization/channel_order.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The tensors of a model as PyTorch's `state_dict` would have them: their names, their shapes, and where each of their
/// values lies among ours.
namespace eigencoder::detail {

/// A tensor of a model's state. Its values, the last dimension fastest, lie where the axes lead, from `offset` on.
struct StateTensor {
  enum class Source { parameters, statistics, codebook, batches };

  std::string name;
  Source source = Source::parameters;
  std::vector<std::uint64_t> shape = {};
  Index offset = 0;
  std::vector<Axis> axes = {};
  bool required = true;   ///< PyTorch would write it too
  std::string same = {};  ///< the tensor that shows the same values, where there is one before it (tied weights)
};

/// Lists the tensors of a model, see `state_tensors`.
class StateList {
 public:
  [[gnu::cold]] explicit StateList(const ModelSchema& form) : form_(form), at_(boundaries(form)) {
    for (std::size_t i = 0; i < form.layers.size(); ++i) {
      const std::string prefix = layer_label(form, i) + '.';
      if (form.layers[i].kind == LayerKind::linear)
        add_linear(i, form.layers[i].info.blocks, prefix);
      else
        add_opaque(i, prefix);
    }
    if (form.bottleneck != ModelSchema::Bottleneck::none) add_bottleneck();
    if (form.loss_block >= 0) {
      add("loss.log_variance", StateTensor::Source::parameters, form.layout.block(form.loss_block).offset, {}, {});
      tensors_.back().required = false;
    }
  }

  std::vector<StateTensor> take() { return std::move(tensors_); }

 private:
  using Source = StateTensor::Source;
  using Axes = std::vector<Axis>;
  using Sizes = std::vector<Index>;

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

  /// The weight and the bias of linear layer i, or of the posterior's twin of it.
  void add_linear(std::size_t i, const LinearBlocks& blocks, const std::string& prefix) {
    const WeightForm& w = form_.layers[i].weight;
    const ChannelOrder &in = at_[i], &out = at_[i + 1];
    // A group's channels cannot leave it.
    const bool grouped = w.kind == WeightForm::Kind::convolution && w.groups > 1;
    bool plain = true;  // as it is stored
    if (blocks.weight >= 0) {
      const ParameterBlock& block = form_.layout.block(blocks.weight);
      Sizes shape{block.rows, block.cols};
      Axes axes{{block.rows, block.cols}, {block.cols, 1}};
      const Index taps = w.height * w.width, tap = w.inputs * w.outputs;
      if (w.kind == WeightForm::Kind::dense && in.shape.size() * out.shape.size() == block.size()) {
        plain = false;
        shape = {out.shape.size(), in.shape.size()};
        axes = joined({out.values(w.transposed ? 1 : block.cols), in.values(w.transposed ? block.cols : 1)});
      } else if (w.kind == WeightForm::Kind::convolution && w.groups * taps * tap == block.size()) {
        plain = grouped;
        shape = {w.groups * w.outputs, w.inputs, w.height, w.width};
        const ChannelOrder &from = w.transposed ? out : in, &to = w.transposed ? in : out;
        const Axes outputs = grouped ? Axes{{w.groups, taps * tap}, {w.outputs, 1}} : to.channels(1);
        const Axes inputs = grouped ? Axes{{w.inputs, w.outputs}} : from.channels(w.outputs);
        axes = joined({outputs, inputs, Axes{{w.height, w.width * tap}, {w.width, tap}}});
      }
      StateTensor& tensor = add(prefix + "weight", Source::parameters, block.offset, shape, std::move(axes));
      for (const StateTensor& other : tensors_)
        if (&other != &tensor && other.source == Source::parameters && other.offset == tensor.offset)
          tensor.same = other.name;
    }
    if (blocks.bias >= 0) {
      const Index size = blocks.bias_period;
      const Axes axes = plain                        ? Axes{{size, 1}}
                        : size == out.shape.size()   ? out.values(1)
                        : size == out.shape.channels ? out.channels(1)
                                                     : Axes{{size, 1}};
      add(prefix + "bias", Source::parameters, form_.layout.block(blocks.bias).offset, {size}, joined({axes}));
    }
  }

  /// The blocks of layer i: a value for each channel, one for each value, or of any other size.
  void add_opaque(std::size_t i, const std::string& prefix) {
    const LayerSchema& layer = form_.layers[i];
    const ChannelOrder& in = at_[i];
    const auto shaped = [&](std::string name, Source source, Index offset, Index rows, Index cols) -> StateTensor& {
      const Index size = rows * cols;
      if (size == in.shape.channels) return add(std::move(name), source, offset, {size}, joined({in.channels(1)}));
      if (size == in.shape.size())
        return add(std::move(name), source, offset, {in.shape.channels, in.shape.height, in.shape.width},
                   joined({in.values(1)}));
      const Sizes shape = cols > 1 ? Sizes{rows, cols} : Sizes{rows};
      return add(std::move(name), source, offset, shape, Axes{{size, 1}});
    };
    add_blocks(prefix, layer.tensors, last_block(i), layer.info.first_block, last_statistics(i),
               layer.info.first_statistics, shaped);
  }

  /// Blocks by the names that are given, or else by what they are.
  template <class Shaped>
  void add_blocks(const std::string& prefix, std::span<const std::string_view> names, Index block_end, Index block,
                  Index statistics_end, Index statistics, const Shaped& shaped) {
    const std::size_t before = tensors_.size();
    std::size_t given = 0;
    const auto name_for = [&](std::string_view otherwise) {
      std::string name = prefix;
      name += given < names.size() ? names[given] : otherwise;
      ++given;
      const std::string plain = name;
      for (std::size_t k = before, n = 1; k < tensors_.size(); ++k)
        if (tensors_[k].name == name) name = plain + '_' + std::to_string(++n), k = before;
      return name;
    };
    for (; block < block_end; ++block) {
      const ParameterBlock& b = form_.layout.block(block);
      const bool factor = b.kind == ParameterKind::weight || b.kind == ParameterKind::scale;
      shaped(name_for(factor ? "weight" : "bias"), Source::parameters, b.offset, b.rows, b.cols);
    }
    bool normalizes = false;
    for (; statistics < statistics_end; ++statistics) {
      const StatisticsBlock& b = form_.layout.statistics_block(statistics);
      StateTensor& tensor = shaped(name_for("statistics"), Source::statistics, b.offset, b.size, 1);
      tensor.required = tensor.name.find(".running_") != tensor.name.npos;
      normalizes = normalizes || tensor.required;
    }
    if (normalizes) add(prefix + "num_batches_tracked", Source::batches, 0, {}, {}).required = false;
  }

  void add_bottleneck() {
    const Index block = last_block(form_.layers.size() - 1), statistics = last_statistics(form_.layers.size() - 1);
    const std::size_t code = form_.encoder_depth - 1;
    const ChannelOrder& out = at_[form_.encoder_depth];
    if (form_.bottleneck == ModelSchema::Bottleneck::posterior) {
      LinearBlocks twin = form_.layers[code].info.blocks;
      twin.weight = block;
      if (twin.bias >= 0) twin.bias = block + 1;
      return add_linear(code, twin, "bottleneck.log_variance.");
    }
    if (form_.bottleneck == ModelSchema::Bottleneck::codebook) {
      const StatisticsBlock& counts = form_.layout.statistics_block(statistics);
      const StatisticsBlock& sums = form_.layout.statistics_block(statistics + 1);
      const Index codes = counts.size, width = sums.size / codes;
      const Axes vectors = width == out.shape.channels ? out.channels(1) : Axes{{width, 1}};
      const Axes axes = joined({Axes{{codes, width}}, vectors});
      add("bottleneck.codebook", Source::codebook, 0, {codes, width}, axes);
      add("bottleneck.counts", Source::statistics, counts.offset, {codes}, {{codes, 1}}).required = false;
      add("bottleneck.sums", Source::statistics, sums.offset, {codes, width}, axes).required = false;
      return;
    }
    const Index end = form_.loss_block >= 0 ? form_.loss_block : static_cast<Index>(form_.layout.blocks().size());
    const auto plain = [&](std::string name, Source source, Index offset, Index rows, Index cols) -> StateTensor& {
      const Sizes shape = cols > 1 ? Sizes{rows, cols} : Sizes{rows};
      return add(std::move(name), source, offset, shape, Axes{{rows * cols, 1}});
    };
    add_blocks("bottleneck.", {}, end, block, static_cast<Index>(form_.layout.statistics_blocks().size()), statistics,
               plain);
  }

  // Where the blocks of layer i end; those of the bottleneck and of the loss come behind all layers.
  Index last_block(std::size_t i) const {
    if (i + 1 < form_.layers.size()) return form_.layers[i + 1].info.first_block;
    const auto& blocks = form_.layout.blocks();
    return last(blocks, form_.layers[i].info.first_block, i, form_.loss_block);
  }
  Index last_statistics(std::size_t i) const {
    if (i + 1 < form_.layers.size()) return form_.layers[i + 1].info.first_statistics;
    return last(form_.layout.statistics_blocks(), form_.layers[i].info.first_statistics, i, -1);
  }
  template <class Blocks>
  static Index last(const Blocks& blocks, Index end, std::size_t layer, Index not_this) {
    while (end < static_cast<Index>(blocks.size()) && end != not_this &&
           blocks[static_cast<std::size_t>(end)].layer == static_cast<Index>(layer))
      ++end;
    return end;
  }

  const ModelSchema& form_;
  std::vector<ChannelOrder> at_;
  std::vector<StateTensor> tensors_;
};

/// The tensors of a model, in the order of its layers; then those of the bottleneck, and of the loss.
inline std::vector<StateTensor> state_tensors(const ModelSchema& form) { return StateList(form).take(); }

}  // namespace eigencoder::detail
