#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string_view>
#include <vector>

/// @file
/// The contract of a score: what tells an `AnomalyDetector` how odd a sample is, from what an autoencoder makes of it.
/// A score of your own satisfies `AnomalyScore`, or `ModelScore`:
///
///     struct LargestError {  // the largest error of a value, in units of the scaled values
///       static constexpr std::string_view name = "largest_error";
///       void validate() const {}
///       template <class Scalar>
///       void evaluate(const ScoreInputs<Scalar>& inputs, const ScoreState&, Buffer<double>&, double* scores) const {
///         for (Index j = 0; j < inputs.samples.cols(); ++j)
///           scores[j] = (inputs.samples.matrix().col(j) - inputs.reconstructions.matrix().col(j))
///                           .cwiseAbs().maxCoeff();
///       }
///     };
///
/// Unknown values of a sample stand as their reconstructions, so that they are not odd. The library's scores are those
/// of the known values alone, and unknown ones contribute 0: a known value is as odd as in a sample without gaps.
///
/// Scores hold hyperparameters alone. What a score learns from training samples is a `ScoreState`, which the detector
/// keeps for each of its models, saves and loads.
namespace eigencoder {

/// Samples that passed through one autoencoder.
template <class Scalar>
struct ScoreInputs {
  View<Scalar> samples;          ///< scaled samples, values x samples; unknown values are as they are reconstructed
  View<Scalar> reconstructions;  ///< of the same size
  View<Scalar> codes;            ///< code size x samples; without values unless the score says `reads_codes`
  View<Scalar> given = {};       ///< the scaled samples with NaN for unknown values; without data: all are known

  /// Whether a value of a sample is known.
  bool is_known(Index value, Index sample) const {
    return given.data() == nullptr || !(std::isnan)(given.column(sample)[value]);
  }
  /// The number of a sample's values that are unknown.
  Index unknown_count(Index sample) const {
    Index count = 0;
    for (Index i = 0; i < given.rows(); ++i) count += is_known(i, sample) ? 0 : 1;
    return count;
  }
};

/// What a score learned for one autoencoder: matrices, whose number and meaning are the score's own business.
struct ScoreState {
  std::vector<MatrixX<double>> learned;  ///< written by `fit`, and stored in files
  std::vector<MatrixX<double>> derived;  ///< written by `prepare`, from `learned` alone

  /// Whether the learned matrices are equal.
  friend bool operator==(const ScoreState& a, const ScoreState& b) {
    if (a.learned.size() != b.learned.size()) return false;
    for (std::size_t k = 0; k < a.learned.size(); ++k)
      if (a.learned[k].rows() != b.learned[k].rows() || a.learned[k].cols() != b.learned[k].cols() ||
          a.learned[k] != b.learned[k])
        return false;
    return true;
  }
};

/// A score that reads samples, reconstructions and codes. It has these members:
///
/// - `static constexpr std::string_view name`: lower-case words joined by `_`, which names it in files;
/// - `void validate() const`: throws `OptionError` for a hyperparameter outside its range;
/// - `void evaluate(const ScoreInputs<Scalar>&, const ScoreState&, Buffer<double>& scratch, double* scores) const`:
///   writes the score of each sample; higher is odder. It is called by several threads at once, each with a `scratch`
///   of its own. What it computes of a sample must not depend on the samples beside it.
///
/// and, if it needs them,
///
/// - `static constexpr bool reads_codes = true`;
/// - `static constexpr bool may_be_negative = true`, which excludes `ScoreAverage::logarithm`;
/// - `void fit(const ScoreInputs<Scalar>&, std::uint64_t seed, ScoreState&) const`: learns `state.learned` from
///   training samples; `seed` differs from model to model;
/// - `void prepare(Index values, Index code_size, ScoreState&) const`: computes `state.derived`, after `fit` and after
///   a file was read. It throws `DataError` where `state.learned` cannot be what `fit` leaves for such samples and
///   codes;
/// - `void contributions(const ScoreInputs<Scalar>&, const ScoreState&, Buffer<double>& scratch, double* out) const`:
///   writes each value's part of each sample's score, values x samples;
/// - `std::array<Setting, n> settings() const`: the hyperparameters on which `evaluate` depends, by their names. A file
///   stores them, and is refused by a detector whose score has others.
template <class S>
concept AnomalyScore =
    std::copyable<S> && requires(const S& score, const ScoreInputs<float>& inputs, const ScoreState& state,
                                 Buffer<double>& scratch, double* scores) {
      { S::name } -> std::convertible_to<std::string_view>;
      score.validate();
      score.evaluate(inputs, state, scratch, scores);
    };

/// A score that asks the model itself, such as its likelihood. Beside `name`, `validate`, `may_be_negative` and
/// `settings` it has `void evaluate(const Model&, View<Scalar> samples, double* scores) const` for scaled samples.
template <class S, class Model>
concept ModelScore = std::copyable<S> &&
    requires(const S& score, const Model& model, View<typename Model::Scalar> samples, double* scores) {
  { S::name } -> std::convertible_to<std::string_view>;
  score.validate();
  score.evaluate(model, samples, scores);
};

}  // namespace eigencoder
