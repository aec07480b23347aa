#pragma once

#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/detail/safetensors/tensor_info.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/serialization/options.hpp>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What the file of a detector holds beside the detector, and what it says of it.
namespace eigencoder {

/// What `save` writes beside the detector.
struct DetectorSaveOptions {
  Metadata metadata = {};  ///< your own, see `SaveOptions::metadata`
  /// Of the values of a sample, such as the names of a table's columns, in UTF-8; empty for none.
  std::vector<std::string> names = {};
};

/// What a file says of its detector: all that a program needs to construct one for `load`.
struct DetectorMetadata {
  Metadata metadata = {};                       ///< the user's own
  std::vector<std::string> names = {};          ///< of the values of a sample; empty if the file has none
  Index value_count = 0;                        ///< values of a sample
  DetectorOptions options = {};                 ///< of the detector that was saved
  std::vector<std::string> architectures = {};  ///< of each model, as `read_architecture` gives it
  /// The name and the settings of each score, in order: "mahalanobis(with_code = 1)".
  std::vector<std::string> scores = {};

  /// The text of a key of the metadata; null if there is none.
  const std::string* find(std::string_view key) const { return detail::find_metadata(metadata, key); }
};

}  // namespace eigencoder
