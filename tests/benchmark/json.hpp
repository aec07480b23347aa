#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "series.hpp"

namespace benchmark {

inline void write(std::ostream& out, const Series& series) {
  for (std::size_t i = 0; i < series.size(); ++i) out << (i == 0 ? "[" : ", ") << series[i];
  out << (series.empty() ? "[]" : "]");
}

inline void write(std::ostream& out, const Figures& figures) {
  out << "{\"ours\": ";
  write(out, figures.ours);
  out << ", \"libtorch\": ";
  write(out, figures.torch);
  out << ", \"ratios\": ";
  write(out, figures.ratios());
  out << ", \"ratio\": ";
  if (figures.torch.empty()) out << "null}";
  else out << median(figures.ratios()) << "}";
}

/// All outcomes by the workloads' names, in samples per second: every round, and the median of the ratios.
inline void write_json(std::ostream& out, int threads,
                       const std::vector<std::pair<std::string, Outcome>>& outcomes) {
  out << "{\"threads\": " << threads << ", \"workloads\": {";
  const char* separator = "\n";
  for (const auto& [name, outcome] : outcomes) {
    out << separator << "  \"" << name << "\": {\"training\": ";
    write(out, outcome.training);
    out << ",\n    \"inference\": ";
    write(out, outcome.inference);
    out << "}";
    separator = ",\n";
  }
  out << "\n}}\n";
}

}  // namespace benchmark
