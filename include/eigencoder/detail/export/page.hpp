#pragma once

#include <eigencoder/detail/export/sheet.hpp>
#include <eigencoder/detail/stack/stack_layout.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <initializer_list>

namespace eigencoder::detail {

/// "64, 32"
inline std::string listed(std::initializer_list<Word> words) {
  std::string list;
  for (const Word& word : words) list += (list.empty() ? "" : ", ") + word.text;
  return list;
}

/// What the exporter of a layer sees: the layer's place in the model, and the sheet to write to.
template <class Scalar>
struct Page {
  Sheet& sheet;
  const ParameterLayout& layout;
  const Scalar* parameters;
  const Scalar* statistics;
  const LayerInfo& info;
  Index position;

  Index size() const { return info.out.values(); }
  Index channels() const { return info.out.channels; }
  std::string number(double value) const { return sheet.number(static_cast<double>(static_cast<Scalar>(value))); }

  const Scalar* block(Index index) const { return parameters + layout.block(index).offset; }
  /// The layer's own blocks and statistics, in the order declared.
  const Scalar* parameter(Index k) const { return block(info.first_block + k); }
  const Scalar* statistic(Index k) const {
    return statistics + layout.statistics_block(info.first_statistics + k).offset;
  }

  /// An array of this layer: "bias_3".
  template <class At>
  std::string array(const char* name, Index count, const At& at) const {
    return sheet.array(numbered(name), count, at);
  }
  std::string numbered(const char* name) const { return name + ("_" + std::to_string(position)); }
};

/// How a layer is written: `static Step step(layer, page)`, and whatever arrays it needs go to the page. Layers without
/// a specialization are refused by the compiler.
template <class L>
struct Exporter;

template <class L>
concept Exported = requires { sizeof(Exporter<L>); };

}  // namespace eigencoder::detail
