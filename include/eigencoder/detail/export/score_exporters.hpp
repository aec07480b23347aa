#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/anomaly/mahalanobis_score.hpp>
#include <eigencoder/anomaly/nearest_reconstruction_score.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/detail/export/layer_exporter.hpp>
#include <eigencoder/detail/export/linear_kernels.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>

/// @file
/// How a detector's score is exported: an exporter writes what the score learned and returns the call that computes it.
namespace eigencoder::detail {

/// A score of an exported header: `kernel(arguments)` gives it, `kernel_contributions(arguments)` its contributions.
struct ScoreCall {
  std::string kernel;
  std::string arguments = {};  ///< each followed by a comma; the working memory comes last
  Index numbers = 0;           ///< doubles that it takes of the working memory
  Index neighbors = 0;         ///< indices that it takes of the working memory
};

/// Where a score of a model puts its arrays.
struct ScoreArrays {
  ArrayWriter& arrays;  ///< of the model
  std::string model;    ///< the model's namespace
  std::string score;    ///< a prefix of the names: "score_0_"

  /// Defines an array of doubles. @returns its qualified name and a comma
  template <class Value>
  std::string doubles(const char* name, Index count, const Value& value) const {
    const ArrayWriter numbers(false);
    return qualified(arrays.array_of("double", score + name, count,
                                     [&](Index i) { return numbers.number(value(i), score + name); }));
  }
  /// Defines an array of the models' scalar. @returns its qualified name and a comma
  template <class Value>
  std::string scalars(const char* name, Index count, const Value& value) const {
    return qualified(arrays.array(score + name, count, value));
  }

 private:
  std::string qualified(const std::string& name) const { return model + "::" + name + ", "; }
};

/// Exports scores of type S: `static ScoreCall call(score, state, arrays)`. Scores without a specialization cannot be
/// exported: likelihoods need random numbers, and the library does not know a user's own.
template <class S>
struct ScoreExporter;

template <class S>
concept ExportableScore = requires {
  sizeof(ScoreExporter<S>);
};

template <>
struct ScoreExporter<SquaredErrorScore> {
  static ScoreCall call(const SquaredErrorScore&, const ScoreState&, const ScoreArrays&) { return {"squared_error"}; }
};

template <>
struct ScoreExporter<MahalanobisScore> {
  static ScoreCall call(const MahalanobisScore&, const ScoreState& state, const ScoreArrays& arrays) {
    const MatrixX<double>&mean = state.learned[0], &inverse = state.derived[0];
    const Index n = mean.rows();
    Index row = 0, column = 0;  // of the lower triangle, row by row
    const std::string arguments = std::to_string(n) + ", " + arrays.doubles("mean", n, [&](Index i) {
      return mean(i, 0);
    }) + arrays.doubles("inverse", n * (n + 1) / 2, [&](Index) {
      const double value = inverse(row, column);
      column = column < row ? column + 1 : (++row, 0);
      return value;
    });
    return {"mahalanobis", arguments, 2 * n};
  }
};

template <>
struct ScoreExporter<NearestReconstructionScore> {
  static ScoreCall call(const NearestReconstructionScore& score, const ScoreState& state, const ScoreArrays& arrays) {
    const MatrixX<double>& memory = state.learned[0];
    const Index size = memory.rows(), count = (std::min)(score.neighbors, size);
    const std::string arguments =
        std::string(score.of_reconstruction ? "working.reconstruction, " : "working.sample, ") + std::to_string(size) +
        ", " + std::to_string(count) + ", " +
        arrays.scalars("memory", memory.size(), [&](Index i) { return memory(i / memory.cols(), i % memory.cols()); });
    return {"nearest_reconstruction", arguments, count, count};
  }
};

/// The kernels of scores and of their averages. Each stands in the header's `detail`, below `Working`.
inline constexpr KernelSource score_kernels[] = {
    {"squared_error", "", R"(
// ||x - x'||^2, and each value's part of it.
inline double squared_error(const Working& working) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < input_size; ++i) {
    const double error = static_cast<double>(working.sample[i]) - static_cast<double>(working.reconstruction[i]);
    sum += error * error;
  }
  return sum;
}
inline void squared_error_contributions(Working& working) noexcept {
  for (std::size_t i = 0; i < input_size; ++i) {
    const double error = static_cast<double>(working.sample[i]) - static_cast<double>(working.reconstruction[i]);
    working.contributions[i] = error * error;
  }
}
)"},
    {"mahalanobis", "", R"(
// Writes v - m and S^-1 (v - m) to the working memory, where v is the residual, or residual and code. The inverse is
// symmetric: its lower triangle is stored row by row.
inline void weigh(std::size_t count, const double* mean, const double* inverse, Working& working) noexcept {
  double *const v = working.numbers, *const weighted = v + count;
  for (std::size_t i = 0; i < input_size; ++i)
    v[i] = static_cast<double>(working.sample[i]) - static_cast<double>(working.reconstruction[i]) - mean[i];
  for (std::size_t i = input_size; i < count; ++i) v[i] = static_cast<double>(working.code[i - input_size]) - mean[i];
  for (std::size_t i = 0; i < count; ++i) weighted[i] = 0;
  for (std::size_t i = 0; i < count; inverse += ++i) {
    double sum = inverse[i] * v[i];
    for (std::size_t k = 0; k < i; ++k) {
      sum += inverse[k] * v[k];
      weighted[k] += inverse[k] * v[i];
    }
    weighted[i] += sum;
  }
}
// (v - m)' S^-1 (v - m), and the amount by which it falls when a value's residual is the expected one.
inline double mahalanobis(std::size_t count, const double* mean, const double* inverse, Working& working) noexcept {
  weigh(count, mean, inverse, working);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += working.numbers[i] * working.numbers[count + i];
  return sum < 0 ? 0 : sum;
}
inline void mahalanobis_contributions(std::size_t count, const double* mean, const double* inverse,
                                      Working& working) noexcept {
  weigh(count, mean, inverse, working);
  for (std::size_t i = 0; i < input_size; inverse += ++i) {
    const double weighted = working.numbers[count + i];
    working.contributions[i] = weighted * weighted / inverse[i];
  }
}
)"},
    {"nearest_reconstruction", "", R"(
// Finds the nearest of the remembered reconstructions to x, and writes their squared distances and their indices to the
// working memory, in ascending order; of equal distances those of lower indices come first.
inline void find_nearest(const Scalar* x, std::size_t size, std::size_t count, const Scalar* memory,
                         Working& working) noexcept {
  std::size_t found = 0;
  for (std::size_t m = 0; m < size; ++m, memory += input_size) {
    double square = 0;
    for (std::size_t i = 0; i < input_size; ++i) {
      const double difference = static_cast<double>(x[i]) - static_cast<double>(memory[i]);
      square += difference * difference;
    }
    if (found == count && !(square < working.numbers[count - 1])) continue;
    std::size_t k = found < count ? found++ : count - 1;
    for (; k > 0 && square < working.numbers[k - 1]; --k) {
      working.numbers[k] = working.numbers[k - 1];
      working.nearest[k] = working.nearest[k - 1];
    }
    working.numbers[k] = square;
    working.nearest[k] = m;
  }
}
// The mean distance to the nearest, and each value's part of it.
inline double nearest_reconstruction(const Scalar* x, std::size_t size, std::size_t count, const Scalar* memory,
                                     Working& working) noexcept {
  find_nearest(x, size, count, memory, working);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += std::sqrt(working.numbers[k]);
  return sum / static_cast<double>(count);
}
inline void nearest_reconstruction_contributions(const Scalar* x, std::size_t size, std::size_t count,
                                                 const Scalar* memory, Working& working) noexcept {
  find_nearest(x, size, count, memory, working);
  for (double& contribution : working.contributions) contribution = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (!(working.numbers[k] > 0)) continue;
    const double weight = 1 / (std::sqrt(working.numbers[k]) * static_cast<double>(count));
    const Scalar* const nearest = memory + working.nearest[k] * input_size;
    for (std::size_t i = 0; i < input_size; ++i) {
      const double difference = static_cast<double>(x[i]) - static_cast<double>(nearest[i]);
      working.contributions[i] += difference * difference * weight;
    }
  }
}
)"},
    {"logarithm", "", R"(
// The logarithm of a score that is not negative; that of the smallest number for 0.
inline double logarithm(double score) noexcept {
  const double least = (std::numeric_limits<double>::min)();
  return std::log(score < least ? least : score);
}
// The factor that makes contributions shares of their sum.
inline double share(const Working& working) noexcept {
  double sum = 0;
  for (const double contribution : working.contributions) sum += contribution;
  return sum > 0 ? 1 / sum : 0;
}
)"},
    {"add_contributions", "", R"(
inline void add_contributions(const Working& working, double weight, double* output) noexcept {
  for (std::size_t i = 0; i < input_size; ++i) output[i] += weight * working.contributions[i];
}
)"},
};

}  // namespace eigencoder::detail
