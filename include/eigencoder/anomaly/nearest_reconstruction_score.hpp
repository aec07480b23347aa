#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <eigencoder/extend/random.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace eigencoder {

/// The mean Euclidean distance of a scaled sample, or of its reconstruction, from the nearest of a memory of training
/// samples' reconstructions: of what the autoencoder made of normal data, without their noise. The memory is drawn at
/// random from these. Where anomalies are among the training samples, set `neighbors` to a tenth of the memory, so that
/// a small cluster of anomalies cannot be all of a sample's neighbors.
///
/// The distance of a sample with unknown values is that of the known ones. So is that of its reconstruction, as what
/// the model makes of a gap says nothing of the sample. The memory has no gaps: all distances of a sample are of the
/// same values, and need not be brought to one size.
///
/// A value contributes its squared difference over the distance, averaged over the nearest, an unknown one 0; the
/// contributions sum to the score. Source: Ramaswamy, Rastogi & Shim, "Efficient algorithms for mining outliers from
/// large data sets" (2000), for distances to neighbors; Angiulli & Pizzuti (2002) for their mean.
struct NearestReconstructionScore {
  static constexpr std::string_view name = "nearest_reconstruction";  ///< see `AnomalyScore`

  Index neighbors = 5;  ///< how many of the nearest count, at least 1; all where the memory is smaller
  Index memory = 2000;  ///< the most reconstructions that are kept, at least 1
  bool of_reconstruction = false;  ///< whether the distance is that of the reconstruction, or else of the sample

  /// See `AnomalyScore`.
  void validate() const {
    detail::require_at_least("NearestReconstructionScore.neighbors", 1, neighbors);
    detail::require_at_least("NearestReconstructionScore.memory", 1, memory);
  }

  /// See `AnomalyScore`.
  std::array<Setting, 2> settings() const {
    return {{{"neighbors", static_cast<double>(neighbors)}, {"of_reconstruction", of_reconstruction ? 1.0 : 0.0}}};
  }

  /// Draws the memory: reconstructions x values.
  template <class Scalar>
  void fit(const ScoreInputs<Scalar>& inputs, std::uint64_t seed, ScoreState& state) const {
    std::vector<Index> order(static_cast<std::size_t>(inputs.samples.cols()));
    std::iota(order.begin(), order.end(), Index{0});
    Random random(seed, Purpose::sampling, 2);
    shuffle(std::span(order), random);
    MatrixX<double> kept((std::min)(memory, inputs.samples.cols()), inputs.samples.rows());
    for (Index m = 0; m < kept.rows(); ++m) {
      const Scalar* reconstruction = inputs.reconstructions.column(order[static_cast<std::size_t>(m)]);
      for (Index i = 0; i < kept.cols(); ++i) kept(m, i) = static_cast<double>(reconstruction[i]);
    }
    state.learned = {std::move(kept)};
  }

  /// @throws DataError for a memory without reconstructions, of another size, or with NaN or infinity
  void prepare(Index values, Index, ScoreState& state) const {
    if (state.learned.size() != 1 || state.learned[0].rows() < 1 || state.learned[0].cols() != values ||
        !state.learned[0].allFinite())
      throw DataError(
          detail::message({"nearest_reconstruction: expected a memory of reconstructions of ", values, " values"}));
  }

  /// See `AnomalyScore`.
  template <class Scalar>
  void evaluate(const ScoreInputs<Scalar>& inputs, const ScoreState& state, Buffer<double>& scratch,
                double* scores) const {
    for (Index j = 0; j < inputs.samples.cols(); ++j) {
      const Nearest found = nearest(inputs, j, state.learned[0], scratch);
      double sum = 0;
      for (Index k = 0; k < found.count; ++k) sum += std::sqrt(found.squares[k]);
      scores[j] = sum / static_cast<double>(found.count);
    }
  }

  /// See `AnomalyScore`.
  template <class Scalar>
  void contributions(const ScoreInputs<Scalar>& inputs, const ScoreState& state, Buffer<double>& scratch,
                     double* out) const {
    const MatrixX<double>& kept = state.learned[0];
    for (Index j = 0; j < inputs.samples.cols(); ++j) {
      const Scalar* x = query(inputs).column(j);
      std::fill_n(out, kept.cols(), 0.0);
      const Nearest found = nearest(inputs, j, kept, scratch);
      for (Index k = 0; k < found.count; ++k) {
        if (!(found.squares[k] > 0)) continue;
        const double weight = 1 / (std::sqrt(found.squares[k]) * static_cast<double>(found.count));
        for (Index i = 0; i < kept.cols(); ++i) {
          if (!inputs.is_known(i, j)) continue;
          const double difference = static_cast<double>(x[i]) - kept(static_cast<Index>(found.indices[k]), i);
          out[i] += difference * difference * weight;
        }
      }
      out += kept.cols();
    }
  }

 private:
  template <class Scalar>
  View<Scalar> query(const ScoreInputs<Scalar>& inputs) const {
    return of_reconstruction ? inputs.reconstructions : inputs.samples;
  }

  /// The nearest reconstructions, in ascending order of their squared distances.
  struct Nearest {
    const double *squares, *indices;
    Index count;
  };

  /// The nearest of the reconstructions `kept` to sample j; of equal distances those of lower indices come first.
  template <class Scalar>
  Nearest nearest(const ScoreInputs<Scalar>& inputs, Index j, const MatrixX<double>& kept,
                  Buffer<double>& scratch) const {
    const Scalar* const x = query(inputs).column(j);
    const Index size = kept.rows(), count = (std::min)(neighbors, size);
    double* const distances = scratch.ensure_size(size + 2 * count);
    double* const squares = distances + size;
    double* const indices = squares + count;
    std::fill_n(distances, size, 0.0);
    for (Index i = 0; i < kept.cols(); ++i) {
      if (!inputs.is_known(i, j)) continue;
      const auto value = static_cast<double>(x[i]);
      const double* column = kept.col(i).data();
      for (Index m = 0; m < size; ++m) distances[m] += (value - column[m]) * (value - column[m]);
    }
    std::fill_n(squares, count, std::numeric_limits<double>::infinity());
    std::fill_n(indices, count, 0.0);
    for (Index m = 0; m < size; ++m) {
      if (!(distances[m] < squares[count - 1])) continue;
      Index k = count - 1;
      for (; k > 0 && distances[m] < squares[k - 1]; --k) {
        squares[k] = squares[k - 1];
        indices[k] = indices[k - 1];
      }
      squares[k] = distances[m];
      indices[k] = static_cast<double>(m);
    }
    return {squares, indices, count};
  }
};

}  // namespace eigencoder
