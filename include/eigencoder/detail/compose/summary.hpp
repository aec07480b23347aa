#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

namespace eigencoder::detail {

/// What a summary says of one layer.
struct SummaryRow {
  Text layer, output;
  Index parameters;
};

/// One row per layer.
template <class Stack>
[[gnu::cold]] std::vector<SummaryRow> summary_rows(const Stack& stack, const ParameterLayout& layout) {
  std::vector<SummaryRow> rows;
  stack.template each<0, Stack::size>([&]<std::size_t K>() {
    rows.push_back({part_name(get<K>(stack.layers)), stack.layer_info[K].out.text(), 0});
    for (const auto& block : layout.blocks())
      if (block.layer == static_cast<Index>(K)) rows.back().parameters += block.size();
  });
  return rows;
}

/// Appends a text, padded with blanks to a width.
inline void append_cell(std::string& line, std::string_view text, std::size_t width, bool align_right) {
  const std::size_t gap = text.size() < width ? width - text.size() : 0;
  if (align_right) line.append(gap, ' ');
  line.append(text);
  if (!align_right) line.append(gap, ' ');
}

/// A table of layers, output shapes and parameters, with a line after the layer whose output is the code.
[[gnu::cold]] inline std::string summary_table(Text input, const std::vector<SummaryRow>& rows,
                                               std::size_t encoder_depth, std::string_view loss, Index total) {
  std::size_t name_width = 5, shape_width = 6;
  for (const auto& row : rows) {
    name_width = (std::max)(name_width, row.layer.view().size());
    shape_width = (std::max)(shape_width, row.output.view().size());
  }
  std::string table;
  const auto line = [&](std::string_view number, std::string_view layer, std::string_view output,
                        std::string_view count) {
    append_cell(table, number, 3, true);
    table += "  ";
    append_cell(table, layer, name_width + 2, false);
    append_cell(table, output, shape_width, true);
    append_cell(table, count, 14, true);
    table += '\n';
  };
  line("", "layer", "output", "parameters");
  line("", "input", input.view(), "");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    line(Text::of(static_cast<long long>(i)).view(), rows[i].layer.view(), rows[i].output.view(),
         Text::of(static_cast<long long>(rows[i].parameters)).view());
    if (i + 1 == encoder_depth) table += Text::of("     -- code of ", rows[i].output, " values --\n").view();
  }
  table += Text::of("     loss ", loss, ", ", static_cast<long long>(total), " parameters\n").view();
  return table;
}

/// The summary of a model, as `Autoencoder::summary` returns it; empty for the `NullNetwork`.
template <class Network>
[[gnu::cold]] std::string summary_of(const Network& network) {
  if constexpr (requires { network.stack; })
    return summary_table(network.input.text(), summary_rows(network.stack, network.layout), Network::encoder_depth,
                         Network::Loss::name, network.layout.parameter_count());
  else
    return {};
}

}  // namespace eigencoder::detail
