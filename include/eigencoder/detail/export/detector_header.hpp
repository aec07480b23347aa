#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/export/header_writer.hpp>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/detail/export/model_header.hpp>
#include <eigencoder/detail/export/score_exporters.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// The text of a detector's exported header.
namespace eigencoder::detail {

/// A string literal of these bytes in C++17, whatever the encoding of the source.
[[gnu::cold]] inline std::string string_literal(std::string_view bytes) {
  std::string literal = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {  // two question marks may begin a trigraph
      (literal += '\\') += c;
    } else if (byte >= 0x20 && byte < 0x7F) {
      literal += c;
    } else {
      literal += '\\';
      for (const int shift : {6, 3, 0}) literal += static_cast<char>('0' + (byte >> shift & 7));
    }
  }
  return literal + '"';
}

/// One model of a detector and its scores.
struct ModelParts {
  HeaderWriter model;
  std::vector<ScoreCall> scores;
};

/// Writes the header of a detector from its parts.
struct DetectorHeaderWriter {
  std::string name;  ///< of the namespace
  ScoreAverage average;
  const Scaling<double>& scaling;
  const MatrixX<double>& standards;
  double threshold;
  const std::vector<std::string>& names;  ///< of the values; empty for none
  std::vector<ModelParts> parts = {};

  /// The header's text.
  std::string text() const {
    const HeaderWriter& first = parts[0].model;
    std::string layers;
    for (const ModelParts& part : parts) layers += part.model.layer_functions();
    const std::string scores = score_functions();
    std::string text =
        introduction() + "#pragma once\n\n#include <array>\n#include <cmath>\n#include <cstddef>\n#include <limits>\n";
    if (!names.empty()) text += "#include <string_view>\n";
    text += "\nnamespace " + name + " {\n\nusing Scalar = " + first.arrays.scalar() + ";\n";
    text += "\ninline constexpr std::size_t input_size = " + std::to_string(first.input_size) + ";\n";
    text += "\n// The score above which a sample is flagged.\ninline constexpr double threshold = " + threshold_text() +
            ";\n";
    if (!names.empty()) text += names_text();
    text +=
        "\nusing Input = std::array<Scalar, input_size>;\n"
        "using Contributions = std::array<double, input_size>;\n";
    text +=
        working() + "\nnamespace detail {\n" + HeaderWriter::kernels(layers) + score_sources(scores) + scaling_source();
    for (const ModelParts& part : parts) text += model_namespace(part);
    return text + scores + "\n}  // namespace detail\n" + std::string(functions) + "\n}  // namespace " + name + "\n";
  }

 private:
  /// The comment at the top: what the header holds, and how to use it.
  std::string introduction() const {
    std::string summary = "Scores:";
    for (const ScoreCall& score : parts[0].scores) summary += (summary.back() == ':' ? " " : ", ") + score.kernel;
    summary += '\n';
    for (std::size_t m = 0, first = 0; m < parts.size(); ++m) {
      if (m + 1 < parts.size() && parts[m + 1].model.summary == parts[m].model.summary) continue;
      summary +=
          first == m ? "model " + std::to_string(m) : "models " + std::to_string(first) + " to " + std::to_string(m);
      summary += ":\n" + parts[m].model.summary;
      if (summary.back() != '\n') summary += '\n';
      first = m + 1;
    }
    return HeaderWriter::opening("A trained anomaly detector", summary) + "//\n// " + name +
           "::Input input = {...};  // " + std::to_string(parts[0].model.input_size) +
           " values in the units of the data, of images channel fastest, then column, then row\n// double score = " +
           name + "::score(input);  // higher is odder\n// bool odd = " + name +
           "::predict(input);  // its score is above " + name + "::threshold\n// " + name +
           "::Contributions why;\n// " + name +
           "::contributions(input, why);  // each value's part of the score\n"
           "//\n// A sample with NaN or infinity scores infinity, so that it is flagged; its contributions say which "
           "values"
           " these are.\n// All functions are noexcept and may run at once in several threads. Their working memory, " +
           name + "::Working,\n// lies on the stack or is the caller's: " + name +
           "::score(input.data(), working). Build with -O3, so that loops are\n// vectorized.\n";
  }

  std::string threshold_text() const {
    if (!std::isinf(threshold)) return ArrayWriter(false).number(threshold, "the threshold");
    return std::string(threshold < 0 ? "-" : "") + "std::numeric_limits<double>::infinity()";
  }

  std::string names_text() const {
    std::string text = "\n// The values' names.\ninline constexpr std::string_view names[input_size] = {\n";
    for (std::size_t i = 0; i < names.size(); ++i)
      text += "    {" + string_literal(names[i]) + ", " + std::to_string(names[i].size()) + "}" +
              (i + 1 < names.size() ? ",\n" : "};\n");
    return text;
  }

  /// The definition of the working memory.
  std::string working() const {
    Index code = 1, output = 1, layers = 1, numbers = 0, nearest = 0;
    for (const ModelParts& part : parts) {
      code = (std::max)(code, part.model.code_size());
      output = (std::max)(output, part.model.output_size());
      layers = (std::max)(layers, part.model.working_size());
      for (const ScoreCall& score : part.scores) {
        numbers = (std::max)(numbers, score.numbers);
        nearest = (std::max)(nearest, score.neighbors);
      }
    }
    std::string text = "\n// The working memory of one call.\nstruct Working {\n";
    const auto add = [&](const char* type, const char* array, Index size) {
      if (size > 0) text.append("  ").append(type) += " " + std::string(array) + "[" + std::to_string(size) + "];\n";
    };
    add("Scalar", "sample", parts[0].model.input_size);
    add("Scalar", "reconstruction", output);
    add("Scalar", "code", code);
    add("Scalar", "layers", layers);
    add("double", "contributions", parts[0].model.input_size);
    add("double", "numbers", numbers);
    add("std::size_t", "nearest", nearest);
    return text + "};\n";
  }

  /// The sources of the kernels that are called.
  static std::string score_sources(const std::string& calls) {
    std::string text;
    for (const KernelSource& kernel : score_kernels)
      if (calls.find(std::string(kernel.name) + "(") != calls.npos) text += kernel.source;
    return text;
  }

  /// The scaling's numbers are doubles, as the library's.
  std::string scaling_source() const {
    ArrayWriter numbers(false);
    const auto add = [&](const char* array, const std::vector<double>& values) {
      numbers.array_of("double", array, static_cast<Index>(values.size()),
                       [&](Index i) { return numbers.number(values[static_cast<std::size_t>(i)], array); });
    };
    add("offset", scaling.offset);
    add("scale", scaling.scale);
    return numbers.text() + std::string(scale_sample);
  }

  static std::string model_namespace(const ModelParts& part) {
    return "\nnamespace " + part.model.name + " {\n" + part.model.arrays.text() + part.model.layer_functions() +
           std::string(reconstruct) + "\n}  // namespace " + part.model.name + "\n";
  }

  /// The functions that add up the scores and the contributions of all models.
  std::string score_functions() const {
    std::string scores, contributions;
    Index k = 0;
    const auto number = [](double value) { return ArrayWriter(false).number(value, "standards"); };
    const std::string count = std::to_string(parts.size() * parts[0].scores.size());
    for (const ModelParts& part : parts) {
      const std::string reconstruction = "  " + part.model.name + "::reconstruct(working);\n";
      scores += reconstruction;
      contributions += reconstruction;
      for (const ScoreCall& score : part.scores) {
        const std::string value = score.kernel + "(" + score.arguments + "working)";
        std::string comparable = value, weight = "1.0 / " + count;
        if (average == ScoreAverage::logarithm) {
          comparable = "logarithm(" + value + ")";
          weight = "share(working) / " + count;
        } else if (average == ScoreAverage::standardized) {
          comparable = "(" + value + " - " + number(standards(0, k)) + ") / " + number(standards(1, k));
          weight = "1 / (" + count + " * " + number(standards(1, k)) + ")";
        }
        ++k;
        scores += "  sum += " + comparable + ";\n";
        contributions += "  " + score.kernel + "_contributions(" + score.arguments + "working);\n";
        contributions += "  add_contributions(working, " + weight + ", output);\n";
      }
    }
    return "\n// The average of the scores of a scaled sample.\n"
           "inline double mean_score(Working& working) noexcept {\n  double sum = 0;\n" +
           scores + "  return sum / " + count +
           ";\n}\n\n// Each value's part of it, added to the output.\n"
           "inline void sum_contributions(Working& working, double* output) noexcept {\n" +
           contributions + "}\n" + std::string(blame_overflow);
  }

  static constexpr std::string_view blame_overflow = R"(
// Where contributions overflow, infinity goes to the largest scaled value and 0 to the others.
inline void blame_overflow(const Working& working, double* output) noexcept {
  std::size_t largest = 0;
  bool finite = true;
  for (std::size_t i = 0; i < input_size; ++i) {
    finite = finite && std::isfinite(output[i]);
    if (std::abs(working.sample[largest]) < std::abs(working.sample[i])) largest = i;
  }
  for (std::size_t i = 0; i < input_size && !finite; ++i)
    output[i] = i == largest ? std::numeric_limits<double>::infinity() : 0;
}
)";

  static constexpr std::string_view scale_sample = R"(
// Writes the scaled sample to the working memory. Returns whether all of it is finite.
inline bool scale_sample(const Scalar* input, Working& working) noexcept {
  bool finite = true;
  for (std::size_t i = 0; i < input_size; ++i) {
    working.sample[i] = static_cast<Scalar>((static_cast<double>(input[i]) - offset[i]) / scale[i]);
    finite = finite && std::isfinite(working.sample[i]);
  }
  return finite;
}
)";
  static constexpr std::string_view reconstruct = R"(
inline void reconstruct(Working& working) noexcept {
  encode_layers(working.sample, working.code, working.layers);
  decode_layers(working.code, working.reconstruction, working.layers);
}
)";
  /// The functions that a program calls.
  static constexpr std::string_view functions = R"(
// The score of a sample; higher is odder.
inline double score(const Scalar* input, Working& working) noexcept {
  const double score = detail::scale_sample(input, working) ? detail::mean_score(working)
                                                            : std::numeric_limits<double>::quiet_NaN();
  return std::isnan(score) ? std::numeric_limits<double>::infinity() : score;
}
inline double score(const Input& input) noexcept {
  Working working;
  return score(input.data(), working);
}

// Whether the sample's score is above the threshold.
inline bool predict(const Scalar* input, Working& working) noexcept { return score(input, working) > threshold; }
inline bool predict(const Input& input) noexcept { return score(input) > threshold; }

// Each value's part of the sample's score.
inline void contributions(const Scalar* input, double* output, Working& working) noexcept {
  const bool finite = detail::scale_sample(input, working);
  for (std::size_t i = 0; i < input_size; ++i)
    output[i] = std::isfinite(working.sample[i]) ? 0 : std::numeric_limits<double>::infinity();
  if (!finite) return;
  detail::sum_contributions(working, output);
  detail::blame_overflow(working, output);
}
inline void contributions(const Input& input, Contributions& output) noexcept {
  Working working;
  contributions(input.data(), output.data(), working);
}
)";
};

template <class S>
constexpr void require_exportable_score() {
  static_assert(ExportableScore<S>,
                "eigencoder: export_header supports only SquaredErrorScore, MahalanobisScore and "
                "NearestReconstructionScore");
}

/// The text of a detector's header. @throws DataError for a value that is not finite
template <class Model, class Scores>
std::string detector_header(const DetectorState<Model, Scores>& state, const Scores& scores, ScoreAverage average,
                            const std::string& name, const std::vector<std::string>& names) {
  DetectorHeaderWriter header{name, average, state.scaling, state.standards, state.threshold, names};
  for (std::size_t m = 0; m < state.models.size(); ++m) {
    ModelParts part{model_header(state.models[m], "model_" + std::to_string(m)), {}};
    scores.each([&]<class S>(std::size_t k, const S& score) {
      require_exportable_score<S>();
      if constexpr (ExportableScore<S>) {
        const ScoreArrays arrays{part.model.arrays, part.model.name, "score_" + std::to_string(k) + "_"};
        part.scores.push_back(ScoreExporter<S>::call(score, state.scores[m][k], arrays));
      }
    });
    header.parts.push_back(std::move(part));
  }
  return header.text();
}

}  // namespace eigencoder::detail
