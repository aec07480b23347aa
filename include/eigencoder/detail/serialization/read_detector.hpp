#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/file_options.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <eigencoder/detail/serialization/detector_contents.hpp>
#include <eigencoder/detail/serialization/read_state_dict.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// Reads the file of a detector. Nothing is changed: a state is built, or an error thrown.
namespace eigencoder::detail {

/// Reads one option from its text. @returns whether that is one
///@{
inline bool read_option(std::string_view text, double& value) {
  return parse_number(text, value) == NumberText::number;
}
inline bool read_option(std::string_view text, Index& value) {
  double number = 0;
  if (!read_option(text, number) || !(number >= 0 && number <= 0x1p53) || number != std::floor(number)) return false;
  if (number > static_cast<double>((std::numeric_limits<Index>::max)())) return false;
  value = static_cast<Index>(number);
  return true;
}
template <class Option, std::size_t N>
bool read_word(std::string_view text, const std::array<std::string_view, N>& words, Option& value) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) value = static_cast<Option>(found - words.begin());
  return found != words.end();
}
inline bool read_option(std::string_view text, DetectorScaling& value) { return read_word(text, scaling_names, value); }
inline bool read_option(std::string_view text, ScoreAverage& value) { return read_word(text, average_names, value); }
///@}

/// What an error says, without the library's name.
inline std::string without_origin(const Error& error) {
  const std::string_view text = error.what(), origin = "eigencoder: ";
  return std::string(text.starts_with(origin) ? text.substr(origin.size()) : text);
}

/// Reads what a file says of its detector, and tensors that are no model's.
class DetectorReader {
 public:
  DetectorReader(const SafetensorsFile& file, const std::string& path) : file_(file), path_(path) {}

  /// @throws FileError for a file that is no detector's, or one of another format, or damaged
  [[gnu::cold]] DetectorMetadata metadata() const {
    if (!is_detector_file(file_.metadata))
      fail(find_metadata(file_.metadata, "eigencoder.architecture") ? "it holds a model, not a detector"
                                                                    : "it holds no detector");
    if (stored(detector_key) != detector_format)
      fail("it is of the detectors' format " + shown(stored(detector_key)) + ", this library reads '" +
           std::string(detector_format) + "'");
    DetectorMetadata found;
    found.metadata = user_metadata(file_);
    read_options(found.options);
    std::string_view scores = stored("eigencoder.detector.scores");
    while (!scores.empty()) found.scores.emplace_back(take_line(scores));
    while (const std::string* text =
               find_metadata(file_.metadata, architecture_key(model_prefix(found.architectures.size()))))
      found.architectures.push_back(*text);
    if (found.scores.empty() || found.architectures.empty()) fail("it has no scores or no models: the file is damaged");
    const TensorInfo* scale = file_.find("scaling.scale");
    if (!scale || scale->type != DType::F64) fail("it has no tensor 'scaling.scale' of F64");
    found.value_count = static_cast<Index>(file_.payload(*scale).size() / sizeof(double));
    read_names(found);
    return found;
  }

  /// @throws FileError naming the first difference between the detectors of the file and of the schema
  [[gnu::cold]] void require_same(const DetectorMetadata& found, const DetectorSchema& schema) const {
    const auto differ = [&](const std::string& theirs, const std::string& ours) {
      fail("it is of another detector: the file has " + theirs + ", the detector " + ours);
    };
    const auto count = [](std::size_t n, const char* what) {
      return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
    };
    if (found.architectures.size() != schema.models.size())
      differ(count(found.architectures.size(), "model"), count(schema.models.size(), "model"));
    for (std::size_t m = 0; m < schema.models.size(); ++m)
      require_architecture(found.architectures[m], architecture_text(schema.models[m]), path_,
                           "its model " + std::to_string(m) + " is");
    if (found.scores.size() != schema.scores.size())
      differ(count(found.scores.size(), "score"), count(schema.scores.size(), "score"));
    for (std::size_t k = 0; k < schema.scores.size(); ++k)
      if (found.scores[k] != schema.scores[k])
        differ("the score " + quoted_line(found.scores[k]), quoted_line(schema.scores[k]));
    if (found.options.average != schema.options.average)
      differ("the average '" + option_text(found.options.average) + "'",
             "'" + option_text(schema.options.average) + "'");
    if (found.options.scaling != schema.options.scaling)
      differ("the scaling '" + option_text(found.options.scaling) + "'",
             "'" + option_text(schema.options.scaling) + "'");
  }

  /// Says that the file may have this tensor.
  void expect(std::string name) { expected_.insert(std::move(name)); }

  /// The tensor of doubles of this name. @throws FileError where there is none
  const TensorInfo& doubles(const std::string& name) {
    const TensorInfo* info = file_.find(name);
    if (!info) fail("it has no tensor " + shown(name) + ", which the detector needs");
    if (info->type != DType::F64)
      fail("its tensor " + shown(name) + " is " + std::string(dtype_name(info->type)) + ", not F64");
    expect(name);
    return *info;
  }

  /// Reads a tensor of doubles. @throws FileError unless it has this shape and satisfies `valid(value)`, said in
  /// `range`
  template <class Valid>
  std::vector<double> read(const std::string& name, const std::vector<std::uint64_t>& shape, std::span<const Axis> axes,
                           const char* range, const Valid& valid) {
    const TensorInfo& info = doubles(name);
    if (info.shape != shape)
      fail("its tensor " + shown(name) + " is " + shape_text(info.shape) + ", the detector has " + shape_text(shape));
    const std::uint8_t* from = file_.payload(info).data();
    std::vector<double> values(file_.payload(info).size() / sizeof(double));
    if (values.empty()) return values;  // one axis may be long, and the other empty
    std::size_t i = 0;
    for_each_index(axes, 0, [&](Index index) {
      const auto value = value_at<double>(DType::F64, from, i);
      if (!valid(value)) fail(out_of_range(name, value, i, range));
      values[static_cast<std::size_t>(index)] = value;
      ++i;
    });
    return values;
  }

  /// Reads one value for each value of a sample.
  template <class Valid>
  std::vector<double> read_sample(const std::string& name, Shape input, const char* range, const Valid& valid) {
    return read(name, scaling_shape(input), image_axes(input, 1), range, valid);
  }

  /// Reads the matrices of a model's score, as many as there are. @throws FileError for one with NaN
  [[gnu::cold]] ScoreState read_score(const DetectorSchema& schema, std::size_t m, std::size_t k) {
    ScoreState state;
    for (std::size_t i = 0; schema.score_learns[k] && file_.find(score_tensor_name(schema, m, k, i)); ++i) {
      const std::string name = score_tensor_name(schema, m, k, i);
      const TensorInfo& info = doubles(name);
      if (info.shape.size() != 2 || !std::in_range<Index>(info.shape[0]) || !std::in_range<Index>(info.shape[1]))
        fail("its tensor " + shown(name) + " is " + shape_text(info.shape) + ", not a matrix");
      state.learned.push_back(read_matrix(name, info.shape));
    }
    return state;
  }

  /// Reads a matrix of this shape. @throws FileError for NaN
  MatrixX<double> read_matrix(const std::string& name, const std::vector<std::uint64_t>& shape) {
    MatrixX<double> matrix(static_cast<Index>(shape[0]), static_cast<Index>(shape[1]));
    const Axis axes[] = {{matrix.rows(), 1}, {matrix.cols(), matrix.rows()}};
    const std::vector<double> values =
        read(name, shape, axes, "a number", [](double value) { return !std::isnan(value); });
    std::copy(values.begin(), values.end(), matrix.data());
    return matrix;
  }

  /// Reads the scores of held-back samples. @throws FileError unless they ascend, and are at least one
  std::vector<double> read_calibration() {
    const TensorInfo& info = doubles("calibration");
    const Axis axis{info.shape.size() == 1 ? static_cast<Index>(info.shape[0]) : 0, 1};
    if (axis.size == 0) fail("its tensor 'calibration' is " + shape_text(info.shape) + ", not a list of scores");
    double last = -std::numeric_limits<double>::infinity();
    return read("calibration", info.shape, {&axis, 1}, "a number, and at least the one before", [&](double value) {
      const bool ascends = value >= last;
      last = value;
      return ascends;
    });
  }

  /// @throws FileError for a tensor that nobody read or expected
  [[gnu::cold]] void require_no_others() const {
    for (const TensorInfo& info : file_.tensors)
      if (!expected_.contains(info.name)) fail("its tensor " + shown(info.name) + " is not one of the detector's");
  }

  [[noreturn]] void fail(const std::string& reason) const { fail_file("load", path_, reason); }

 private:
  const std::string& stored(std::string_view key) const {
    const std::string* text = find_metadata(file_.metadata, key);
    if (!text) fail("its metadata have no " + shown(key) + ", the file is damaged");
    return *text;
  }

  void read_options(DetectorOptions& options) const {
    std::string_view text = stored("eigencoder.detector.options");
    each_option(options, [&](std::string_view name, auto& value) {
      std::string_view line = take_line(text);
      const std::string whole(line);
      const bool is_named = line.starts_with(name) && line.substr(name.size()).starts_with(" = ");
      if (!is_named || !read_option(line.substr(name.size() + 3), value))
        fail("its options are damaged: " + shown(whole) + " is no value of " + std::string(name));
    });
    if (!text.empty()) fail("its options are damaged: " + shown(text) + " is none");
    try {
      options.validate();
    } catch (const OptionError& error) {
      fail("its options are damaged: " + without_origin(error));
    }
  }

  void read_names(DetectorMetadata& found) const {
    const std::string* text = find_metadata(file_.metadata, "eigencoder.detector.names");
    if (!text) return;
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    const auto is_text = [](const nlohmann::json& name) { return name.is_string(); };
    if (!json.is_array() || !std::all_of(json.begin(), json.end(), is_text))
      fail("its names are no list of texts: the file is damaged");
    for (const nlohmann::json& name : json) found.names.push_back(name.get<std::string>());
    if (static_cast<Index>(found.names.size()) != found.value_count)
      fail("it has " + std::to_string(found.names.size()) + " names for samples of " +
           std::to_string(found.value_count) + " values");
  }

  const SafetensorsFile& file_;
  const std::string& path_;
  std::set<std::string> expected_;
};

/// Reads the state of a detector like this one. @throws FileError naming the first difference, or what is damaged
template <class Detector>
[[gnu::cold]] auto read_detector(const Detector& detector, const SafetensorsFile& file, const std::string& path,
                                 const DetectorMetadata& metadata) {
  using Scalar = typename Detector::Scalar;
  const auto& scores = DetectorAccess::scores(detector);
  const DetectorSchema schema = detector_schema(detector);
  DetectorReader reader(file, path);
  reader.require_same(metadata, schema);

  std::remove_cvref_t<decltype(DetectorAccess::state(detector))> state;
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  const auto finite = [](double value) { return std::isfinite(value); };
  const char* const above_zero = "finite and above 0";
  state.scaling.offset = reader.read_sample("scaling.offset", schema.input(), "finite", finite);
  state.scaling.scale = reader.read_sample("scaling.scale", schema.input(), above_zero, positive);
  state.least_scale = reader.read_sample("scaling.least_scale", schema.input(), above_zero, positive);
  state.models = DetectorAccess::prototypes(detector);
  for (std::size_t m = 0; m < state.models.size(); ++m) {
    const LoadOptions options{.prefix = model_prefix(m)};
    require_compatible(file, schema.models[m], path, options.prefix);
    const ModelState<Scalar> values = StateDictReader<Scalar>(file, path, schema.models[m], options).read();
    auto& model = ModelAccess::state(state.models[m], "loaded into");
    assign_values(model, values);
    model.forget();
    for (const StateTensor& tensor : state_tensors(schema.models[m])) reader.expect(options.prefix + tensor.name);
    auto& learned = state.scores.emplace_back();
    for (std::size_t k = 0; k < schema.scores.size(); ++k) learned.push_back(reader.read_score(schema, m, k));
    try {
      scores.prepare(state.models[m], learned);
    } catch (const DataError& error) {
      reader.fail("model " + std::to_string(m) + ": " + without_origin(error));
    }
  }
  const auto parts = static_cast<std::uint64_t>(state.parts());
  state.standards = reader.read_matrix("standards", {2, parts});
  if (!state.standards.allFinite() || !(state.standards.row(1).minCoeff() > 0))
    reader.fail(
        "its tensor 'standards' holds a mean that is not finite, or a deviation that is not finite and above 0");
  state.calibration = reader.read_calibration();
  state.threshold =
      reader.read("threshold", {}, {}, "a number", [](double value) { return !std::isnan(value); }).front();
  reader.require_no_others();
  return state;
}

}  // namespace eigencoder::detail
