#pragma once

#include <algorithm>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <string>
#include <vector>

namespace eigencoder::detail {

/// Plans where an exported header stores the layers' outputs. They alternate between two regions of the working memory,
/// or are computed in place. An output that a later layer reads gets a region of its own, and the last output of a half
/// of the model goes directly to the caller's array.
class WorkingMemory {
 public:
  WorkingMemory(const std::vector<LayerCall>& layers, std::size_t encoder_depth)
      : layers_(layers),
        encoder_depth_(encoder_depth),
        outputs_(layers.size()),
        taps_(layers.size()),
        is_read_(layers.size()) {
    for (const LayerCall& layer : layers)
      if (layer.reads == LayerCall::Reads::output && layer.source >= 0) is_read_[index(layer.source)] = true;
    // A layer that does nothing shares the memory of its input.
    const auto shares_input = [&](std::size_t i) { return i != encoder_depth && layers[i].kernel.empty(); };
    for (std::size_t i = layers.size(); i-- > 1;)
      if (shares_input(i) && is_read_[i]) is_read_[i - 1] = true;
    for (std::size_t i = 1; i < layers.size(); ++i)
      if (shares_input(i) && is_read_[i - 1]) is_read_[i] = true;
    plan(0, encoder_depth, {Region::input}, {Region::code});
    plan(encoder_depth, layers.size(), {Region::code}, {Region::output});
    code_ = allocate(layers[encoder_depth - 1].size);
  }

  /// Number of values of the working memory.
  Index size() const { return alternating_[0] + alternating_[1] + allocated_; }
  /// Where `reconstruct` stores the code, as C++.
  std::string code() const { return text(code_); }

  /// Layer i's input, as C++.
  std::string input(std::size_t i) const {
    return i == 0 ? "input" : i == encoder_depth_ ? "code" : text(outputs_[i - 1]);
  }
  /// Layer i's output, as C++.
  std::string output(std::size_t i) const { return text(outputs_[i]); }
  /// What layer i reads or fills besides, as C++; empty if nothing.
  std::string extra_argument(std::size_t i) const {
    const LayerCall& layer = layers_[i];
    if (layer.has_taps) return text(taps_[i]);
    switch (layer.reads) {
      case LayerCall::Reads::output: return input(index(layer.source + 1));
      case LayerCall::Reads::taps: return text(taps_[index(layer.source)]);
      case LayerCall::Reads::nothing: break;
    }
    return "";
  }

 private:
  enum class Region { none, input, code, output, alternating, allocated };
  struct Location {
    Region region = Region::none;
    Index offset = 0;  ///< in its region; for `alternating`, which of the two
    bool operator==(const Location&) const = default;
  };

  static std::size_t index(Index position) { return static_cast<std::size_t>(position); }

  /// A region of its own.
  Location allocate(Index values) {
    allocated_ += values;
    return {Region::allocated, allocated_ - values};
  }

  /// Locates the outputs of layers first, ..., last - 1, from `source` to `target`.
  void plan(std::size_t first, std::size_t last, Location source, Location target) {
    Location current = source;
    for (std::size_t i = first; i < last; ++i) {
      const LayerCall& layer = layers_[i];
      const bool may_overwrite = current != source && (i == first || !is_read_[i - 1]);
      if (taps_are_read(i)) taps_[i] = allocate(layer.size);
      if (layer.kernel.empty() && i + 1 < last) {  // shares its input's memory
      } else if (can_write_to_target(i, last)) {
        current = target;
      } else if (is_read_[i]) {
        current = allocate(layer.size);
      } else if (!(layer.in_place && may_overwrite)) {
        const Index other = current.region == Region::alternating ? 1 - current.offset : 0;
        alternating_[index(other)] = (std::max)(alternating_[index(other)], layer.size);
        current = {Region::alternating, other};
      }
      outputs_[i] = current;
    }
  }

  /// Whether layer i's output may be in the target: all layers after it work in place.
  bool can_write_to_target(std::size_t i, std::size_t last) const {
    for (; i + 1 < last; ++i)
      if (is_read_[i] || !(layers_[i + 1].in_place || layers_[i + 1].kernel.empty())) return false;
    return true;
  }

  bool taps_are_read(std::size_t i) const {
    return std::any_of(layers_.begin(), layers_.end(), [i](const LayerCall& layer) {
      return layer.reads == LayerCall::Reads::taps && index(layer.source) == i;
    });
  }

  std::string text(const Location& location) const {
    switch (location.region) {
      case Region::none: return "nullptr";
      case Region::input: return "input";
      case Region::code: return "code";
      case Region::output: return "output";
      case Region::alternating: return pointer(location.offset == 0 ? 0 : alternating_[0]);
      case Region::allocated: return pointer(alternating_[0] + alternating_[1] + location.offset);
    }
    return "";
  }
  static std::string pointer(Index offset) {
    return offset == 0 ? "working" : "working + " + std::to_string(offset);
  }

  const std::vector<LayerCall>& layers_;
  std::size_t encoder_depth_;
  std::vector<Location> outputs_, taps_;
  std::vector<bool> is_read_;      ///< whether a later layer reads the output, besides the next one
  Index alternating_[2] = {0, 0};  ///< sizes of the two regions
  Index allocated_ = 0;            ///< values in regions of their own
  Location code_;
};

}  // namespace eigencoder::detail
