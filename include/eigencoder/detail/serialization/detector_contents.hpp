#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/file_options.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/model_contents.hpp>
#include <eigencoder/detail/serialization/model_schema.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/types.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// What the file of a detector holds: the tensors of its models, scaling, scores and threshold, and metadata.
namespace eigencoder::detail {

inline constexpr std::array<std::string_view, 4> scaling_names{"standard", "robust", "min_max", "none"};
inline constexpr std::array<std::string_view, 3> average_names{"mean", "logarithm", "standardized"};

/// The prefix of model m's tensors: "model.0.".
inline std::string model_prefix(std::size_t m) { return "model." + std::to_string(m) + "."; }

/// Calls `visit(name, option)` for each option of a detector, in the order of files.
template <class Options, class Visit>
void each_option(Options& options, const Visit& visit) {
  visit("members", options.members);
  visit("scaling", options.scaling);
  visit("average", options.average);
  visit("calibration", options.calibration);
  visit("false_alarms", options.false_alarms);
  visit("reference", options.reference);
  visit("drift", options.drift);
}

inline std::string option_text(DetectorScaling scaling) {
  return std::string(scaling_names[static_cast<std::size_t>(scaling)]);
}
inline std::string option_text(ScoreAverage average) {
  return std::string(average_names[static_cast<std::size_t>(average)]);
}
inline std::string option_text(Index value) { return std::to_string(value); }
inline std::string option_text(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// "average = logarithm", a line for each option.
[[gnu::cold]] inline std::string options_text(const DetectorOptions& options) {
  std::string text;
  each_option(options,
              [&](const char* name, auto value) { ((text.append(name) += " = ") += option_text(value)) += '\n'; });
  return text;
}

/// A description of a detector that does not depend on its types.
struct DetectorSchema {
  std::vector<ModelSchema> models = {};
  std::vector<std::string> scores = {};         ///< names and settings, "mahalanobis(with_code = 1)"
  std::vector<std::string> score_tensors = {};  ///< names by which tensors differ: "mahalanobis", "mahalanobis_2"
  std::vector<bool> score_learns = {};          ///< whether the score keeps matrices
  DetectorOptions options = {};

  Shape input() const { return models.front().input; }
};

template <class S>
std::string stored_score(const S& score) {
  std::string text(S::name);
  if constexpr (requires { score.settings(); }) {
    const char* before = "(";
    for (const Setting& setting : score.settings()) {
      text.append(before).append(setting.name).append(" = ").append(option_text(setting.value));
      before = ", ";
    }
    text += ')';
  }
  return text;
}

template <class Detector>
[[gnu::cold]] DetectorSchema detector_schema(const Detector& detector) {
  DetectorSchema schema{.options = detector.options()};
  for (const auto& model : DetectorAccess::prototypes(detector)) schema.models.push_back(model_schema(model));
  DetectorAccess::scores(detector).each([&]<class S>(std::size_t, const S& score) {
    schema.scores.push_back(stored_score(score));
    std::string name(S::name);
    const auto is_taken = [&] {
      return std::find(schema.score_tensors.begin(), schema.score_tensors.end(), name) != schema.score_tensors.end();
    };
    for (int n = 2; is_taken(); ++n) name = std::string(S::name) + '_' + std::to_string(n);
    schema.score_tensors.push_back(std::move(name));
    using Inputs = ScoreInputs<double>;
    schema.score_learns.push_back(
        requires(const Inputs& inputs, ScoreState& state) { score.fit(inputs, std::uint64_t{}, state); });
  });
  return schema;
}

/// "score.0.mahalanobis.1": a learned matrix of a model's score.
inline std::string score_tensor_name(const DetectorSchema& schema, std::size_t m, std::size_t k, std::size_t matrix) {
  return "score." + std::to_string(m) + "." + schema.score_tensors[k] + "." + std::to_string(matrix);
}

/// A column-major matrix.
inline OwnedTensor matrix_tensor(std::string name, const MatrixX<double>& matrix) {
  const Axis axes[] = {{matrix.rows(), 1}, {matrix.cols(), matrix.rows()}};
  return tensor_of_values<double>(
      std::move(name), {static_cast<std::uint64_t>(matrix.rows()), static_cast<std::uint64_t>(matrix.cols())}, axes,
      [&](Index i) { return matrix.data()[i]; });
}

/// The names as a JSON array. @throws ShapeError for a wrong number of names, DataError for one that is not UTF-8
[[gnu::cold]] inline std::string names_text(const std::vector<std::string>& names, Index value_count) {
  if (static_cast<Index>(names.size()) != value_count)
    throw ShapeError(
        message({"DetectorSaveOptions.names: ", names.size(), " names for samples of ", value_count, " values"}));
  std::string text = "[";
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name;
    append_json(name, names[i]);
    if (!nlohmann::json::accept(name))
      throw DataError(message({"DetectorSaveOptions.names: name ", i, ", ", shown(names[i]), ", is not valid UTF-8"}));
    (text += i > 0 ? "," : "") += name;
  }
  return text += ']';
}

/// The library's metadata about a detector, then the user's.
/// @throws OptionError for a reserved or repeated key of these; ShapeError, DataError for names that cannot be stored
[[gnu::cold]] inline Metadata detector_metadata(const DetectorSchema& schema, const DetectorSaveOptions& options) {
  require_user_keys(options.metadata);
  Metadata metadata{{"eigencoder.version", std::string(version)},
                    {"eigencoder.format", std::string(model_format)},
                    {std::string(detector_key), std::string(detector_format)},
                    {"eigencoder.detector.options", options_text(schema.options)}};
  std::string scores;
  for (const std::string& score : schema.scores) (scores += score) += '\n';
  metadata.emplace_back("eigencoder.detector.scores", std::move(scores));
  if (!options.names.empty())
    metadata.emplace_back("eigencoder.detector.names", names_text(options.names, schema.input().size()));
  for (std::size_t m = 0; m < schema.models.size(); ++m)
    metadata.emplace_back(architecture_key(model_prefix(m)), architecture_text(schema.models[m]));
  metadata.insert(metadata.end(), options.metadata.begin(), options.metadata.end());
  return metadata;
}

/// @throws OptionError for a detector that was not fitted; otherwise as `detector_metadata`
template <class Detector>
[[gnu::cold]] FileContents detector_contents(const Detector& detector, const DetectorSaveOptions& options) {
  const auto& models = detector.models();
  const auto& state = DetectorAccess::state(detector);
  const DetectorSchema schema = detector_schema(detector);
  FileContents contents{{}, detector_metadata(schema, options)};
  std::vector<OwnedTensor>& tensors = contents.tensors;
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (OwnedTensor& tensor : write_state_dict(schema.models[m], ModelAccess::state(models[m]))) {
      tensor.name.insert(0, model_prefix(m));
      tensors.push_back(std::move(tensor));
    }
    for (std::size_t k = 0; k < state.scores[m].size(); ++k)
      for (std::size_t i = 0; i < state.scores[m][k].learned.size(); ++i)
        tensors.push_back(matrix_tensor(score_tensor_name(schema, m, k, i), state.scores[m][k].learned[i]));
  }
  write_scaling(state.scaling, schema.input(), tensors);
  tensors.push_back(tensor_of_values<double>("scaling.least_scale", scaling_shape(schema.input()),
                                             image_axes(schema.input(), 1),
                                             [&](Index i) { return state.least_scale[static_cast<std::size_t>(i)]; }));
  tensors.push_back(matrix_tensor("standards", state.standards));
  tensors.push_back(copied_tensor<double>("calibration", DType::F64, {state.calibration.size()}, state.calibration));
  tensors.push_back(copied_tensor<double>("threshold", DType::F64, {}, {&state.threshold, 1}));
  return contents;
}

}  // namespace eigencoder::detail
