#pragma once

namespace eigencoder {

/// What NaN in the data means to a function that learns from it, such as `standard_scaling`.
enum class Unknown {
  refused,  ///< a fault: an error says where
  skipped   ///< an unknown value: the others count
};

}  // namespace eigencoder
