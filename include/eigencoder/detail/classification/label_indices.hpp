#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/classification/classes.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eigencoder::detail {

/// @throws DataError: "`where`: sample 3 has the label `label`, `why`"
[[noreturn, gnu::cold]] inline void fail_label(const char* where, Index sample, const std::string& label,
                                               const std::string& why) {
  throw DataError(message({where, ": sample ", sample, " has the label ", label, ", ", why}));
}

/// The class that a label stands for.
template <class T>
Index class_of(const T& label, Index sample, Index count, const std::vector<std::string>& names, const char* where) {
  if constexpr (!std::is_arithmetic_v<T>) {
    const auto found = std::find(names.begin(), names.end(), std::string_view(label));
    if (found == names.end())
      fail_label(where, sample, shown(label), names.empty() ? "and the classes have no names" : "the name of no class");
    return static_cast<Index>(found - names.begin());
  } else {
    const auto value = static_cast<double>(label);
    if (!(value >= 0 && value < static_cast<double>(count)) || value != std::floor(value))
      fail_label(where, sample, ValueRange::number(value),
                 "expected a whole number from 0 to " + std::to_string(count - 1));
    return static_cast<Index>(label);
  }
}

/// The class of each sample. @throws ShapeError for another number of labels than of samples, DataError for a label
/// that is no class, naming both
template <ClassLabels L>
[[gnu::cold]] std::vector<Index> label_indices(const L& labels, Index samples, Index count,
                                               const std::vector<std::string>& names, const char* where) {
  using Size = std::remove_cvref_t<decltype(labels.size())>;
  if (static_cast<Index>(labels.size()) != samples)
    throw ShapeError(message({where, ": ", static_cast<Index>(labels.size()), " labels for ", samples, " samples"}));
  std::vector<Index> indices;
  indices.reserve(static_cast<std::size_t>(samples));
  for (Index j = 0; j < samples; ++j) indices.push_back(class_of(labels[static_cast<Size>(j)], j, count, names, where));
  return indices;
}

}  // namespace eigencoder::detail
