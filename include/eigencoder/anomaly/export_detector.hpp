#pragma once

#include <cstdint>
#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/export/detector_header.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <string>
#include <vector>

/// @file
/// Exports a trained detector as one C++ header, for programs without a file system, a heap or exceptions.
namespace eigencoder {

/// Options of `export_header` of a detector.
struct DetectorExportOptions {
  std::string name = "detector";        ///< the header's namespace: an identifier, or several, as in `robot::ear`
  std::vector<std::string> names = {};  ///< of the values of a sample, which the header then has; empty for none
};

/// Writes a trained detector as a C++17 header. It holds scaling, models, what the scores learned and the threshold,
/// and, for one sample in the units of the data, the functions `score`, `predict` and `contributions`. They do not
/// allocate or throw, and compute what the detector computes up to rounding. A comment in the header says how to use
/// it.
///
///     export_header(detector, "pumps.hpp", {.name = "pumps", .names = {"pressure", "flow", "temperature"}});
///
/// Of the scores `SquaredErrorScore`, `MahalanobisScore` and `NearestReconstructionScore` can be exported, in any
/// average; a detector with another does not compile, and so does one with a layer, loss or bottleneck of a user's own.
/// @throws OptionError for a detector that was not fitted, and for a name that is no C++ identifier
/// @throws ShapeError unless there are as many names as values of a sample, or none
/// @throws DataError if a parameter is not finite
/// @throws FileError if the file cannot be written
template <class Model, class... Scores>
void export_header(const AnomalyDetector<Model, Scores...>& detector, const std::string& path,
                   const DetectorExportOptions& options = {}) {
  detail::require_namespace(options.name, "DetectorExportOptions.name");
  if (!options.names.empty() && static_cast<Index>(options.names.size()) != detector.value_count())
    throw ShapeError(detail::message({"DetectorExportOptions.names: ", options.names.size(), " names for samples of ",
                                      detector.value_count(), " values"}));
  detector.threshold();  // throws where it was not fitted
  if constexpr (Model::legal) {
    const std::string text =
        detail::detector_header(detail::DetectorAccess::state(detector), detail::DetectorAccess::scores(detector),
                                detector.options().average, options.name, options.names);
    detail::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
}

}  // namespace eigencoder
