#pragma once

#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/anomaly/file_options.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/detector_contents.hpp>
#include <eigencoder/detail/serialization/read_detector.hpp>
#include <string>
#include <utility>

/// @file
/// Files of detectors. Each is one safetensors file that holds all a detector has learned.
///
/// **Tensors**: those of model m as in its own file (serialization/model_file.hpp), with the prefix "model.m.", so that
/// `load(model, path, {.prefix = "model.0."})` reads it alone; of doubles, `scaling.offset`, `scaling.scale` and
/// `scaling.least_scale` (below which a drift does not bring the scale), of images channel first; the learned matrices
/// of model m's scores, `score.m.mahalanobis.0` (mean), `score.m.mahalanobis.1` (covariance),
/// `score.m.nearest_reconstruction.0` (memory), whose values are in the order of samples; `standards`, the mean and the
/// deviation of each model's scores (model 0's first); `calibration`, the held-back samples' scores; `threshold`.
///
/// **Metadata**: beside those of model files, `eigencoder.detector.format`, `eigencoder.detector.options` and
/// `eigencoder.detector.scores` (a line for each), `eigencoder.detector.names` (a JSON array of texts),
/// `eigencoder.model.m.architecture`, and the user's own.
namespace eigencoder {

/// Writes all that a detector has learned to a file, wholly or not at all.
///
///     save(detector, "pumps.safetensors", {.names = {"pressure", "flow", "temperature"}});
///
/// @throws OptionError for a detector that was not fitted, and for a reserved or repeated key of the metadata
/// @throws ShapeError unless there are as many names as values of a sample, or none
/// @throws DataError for a name that is not UTF-8
/// @throws FileError if the file cannot be written
template <class Model, class... Scores>
void save(const AnomalyDetector<Model, Scores...>& detector, const std::string& path,
          const DetectorSaveOptions& options = {}) {
  const detail::FileContents contents = detail::detector_contents(detector, options);
  detail::write_safetensors(path, contents.tensors, contents.metadata);
}

/// Reads a file of `save` into a detector that was constructed alike: of the same models (their architectures and their
/// number), scores, settings of these, average and scaling. Its other options stay its own. It then scores, flags,
/// explains and updates to the same bits as the saved one. A failed load leaves the detector as it was.
/// @throws FileError naming the file and the cause: it cannot be read, is damaged, is of another detector (the first
///         difference is quoted) or scalar, or holds NaN or values that no detector learns, such as a scale of 0, a
///         covariance that is not positive definite, or held-back scores that do not ascend
template <class Model, class... Scores>
DetectorMetadata load(AnomalyDetector<Model, Scores...>& detector, const std::string& path) {
  const detail::SafetensorsFile file = detail::read_safetensors(path);
  DetectorMetadata metadata = detail::DetectorReader(file, path).metadata();
  auto learned = detail::read_detector(detector, file, path, metadata);
  detail::DetectorAccess::state(detector) = std::move(learned);
  return metadata;
}

/// What a file says of its detector: names of values, number of values, options, models and scores.
/// @throws FileError if the file cannot be read, or holds no detector
inline DetectorMetadata read_detector_metadata(const std::string& path) {
  const detail::SafetensorsFile file = detail::read_safetensors(path);
  return detail::DetectorReader(file, path).metadata();
}

}  // namespace eigencoder
