#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/nearest_reconstruction_score.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <string_view>

namespace examples {

/// The score of the recipe: how far a row's reconstruction lies from those of training rows, times how far the row lies
/// from its reconstruction. The second factor is left out where training rows may be anomalies, which autoencoders then
/// reconstruct well.
///
/// A value's contribution is the mean of its shares in the two distances, so that all sum to 1.
struct TableScore {
  static constexpr std::string_view name = "table";
  static constexpr double least = 1e-6;  ///< is added to each distance, so that none is 0

  bool with_error = true;           ///< whether the second factor counts
  eigencoder::Index neighbors = 1;  ///< as those of `NearestReconstructionScore`
  eigencoder::Index memory = 4000;  ///< the same

  void validate() const { nearest().validate(); }
  std::array<eigencoder::Setting, 2> settings() const {
    return {{{"with_error", with_error ? 1.0 : 0.0}, {"neighbors", static_cast<double>(neighbors)}}};
  }
  template <class Scalar>
  void fit(const eigencoder::ScoreInputs<Scalar>& inputs, std::uint64_t seed, eigencoder::ScoreState& state) const {
    nearest().fit(inputs, seed, state);
  }
  void prepare(eigencoder::Index values, eigencoder::Index code_size, eigencoder::ScoreState& state) const {
    nearest().prepare(values, code_size, state);
  }

  template <class Scalar>
  void evaluate(const eigencoder::ScoreInputs<Scalar>& inputs, const eigencoder::ScoreState& state,
                eigencoder::Buffer<double>& scratch, double* scores) const {
    nearest().evaluate(inputs, state, scratch, scores);
    for (eigencoder::Index j = 0; j < inputs.samples.cols(); ++j) {
      scores[j] += least;
      double squared_error = 0;
      if (!with_error) continue;
      error().evaluate(one(inputs, j), state, scratch, &squared_error);
      scores[j] *= std::sqrt(squared_error) + least;
    }
  }

  template <class Scalar>
  void contributions(const eigencoder::ScoreInputs<Scalar>& inputs, const eigencoder::ScoreState& state,
                     eigencoder::Buffer<double>& scratch, double* out) const {
    const eigencoder::Index d = inputs.samples.rows();
    eigencoder::VectorX<double> errors(d);
    for (eigencoder::Index j = 0; j < inputs.samples.cols(); ++j, out += d) {
      nearest().contributions(one(inputs, j), state, scratch, out);
      to_shares(out, d);
      if (!with_error) continue;
      error().contributions(one(inputs, j), state, scratch, errors.data());
      to_shares(errors.data(), d);
      for (eigencoder::Index i = 0; i < d; ++i) out[i] = (out[i] + errors[i]) / 2;
    }
  }

 private:
  eigencoder::NearestReconstructionScore nearest() const {
    return {.neighbors = neighbors, .memory = memory, .of_reconstruction = true};
  }
  static eigencoder::SquaredErrorScore error() { return {}; }

  /// One of several samples.
  template <class Scalar>
  static eigencoder::ScoreInputs<Scalar> one(const eigencoder::ScoreInputs<Scalar>& all, eigencoder::Index j) {
    return {all.samples.columns(j, 1), all.reconstructions.columns(j, 1), {nullptr, 0, 1}};
  }

  static void to_shares(double* values, eigencoder::Index count) {
    double sum = 0;
    for (eigencoder::Index i = 0; i < count; ++i) sum += values[i];
    for (eigencoder::Index i = 0; i < count && sum > 0; ++i) values[i] /= sum;
  }
};

}  // namespace examples
