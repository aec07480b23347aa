#pragma once

#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

namespace eigencoder::detail {

struct SummaryRow {
  Text layer, output;
  Index parameters;
};

/// One row a layer.
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

inline void append_cell(std::string& line, std::string_view text, std::size_t width, bool right) {
  const std::size_t gap = text.size() < width ? width - text.size() : 0;
  if (right) line.append(gap, ' ');
  line.append(text);
  if (!right) line.append(gap, ' ');
}

/// A table of layers, output shapes and parameters; a line marks where the code is.
[[gnu::cold]] inline std::string summary_table(Text input, const std::vector<SummaryRow>& rows, std::size_t code_layer,
                                               std::string_view loss, Index total) {
  std::size_t name = 5, shape = 6;
  for (const auto& row : rows) {
    name = (std::max)(name, row.layer.view().size());
    shape = (std::max)(shape, row.output.view().size());
  }
  std::string table;
  const auto line = [&](std::string_view number, std::string_view layer, std::string_view output,
                        std::string_view count) {
    append_cell(table, number, 3, true);
    table += "  ";
    append_cell(table, layer, name + 2, false);
    append_cell(table, output, shape, true);
    append_cell(table, count, 14, true);
    table += '\n';
  };
  line("", "layer", "output", "parameters");
  line("", "input", input.view(), "");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    line(Text::of(static_cast<long long>(i)).view(), rows[i].layer.view(), rows[i].output.view(),
         Text::of(static_cast<long long>(rows[i].parameters)).view());
    if (i + 1 == code_layer) table += Text::of("     -- code of ", rows[i].output, " values --\n").view();
  }
  table += Text::of("     loss ", loss, ", ", static_cast<long long>(total), " parameters\n").view();
  return table;
}

/// The summary of a model; see `Autoencoder::summary`.
template <class Network>
[[gnu::cold]] std::string summary_of(const Network& network) {
  if constexpr (requires { network.stack; })
    return summary_table(network.input.text(), summary_rows(network.stack, network.layout), Network::encoder_depth,
                         Network::Loss::name, network.layout.parameter_count());
  else
    return {};
}

}  // namespace eigencoder::detail
