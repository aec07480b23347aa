#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/anomaly/detector_state.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <type_traits>
#include <vector>

/// @file
/// What a fitted detector does beside scoring samples in memory.
namespace eigencoder::detail {

/// The scores of a loader's samples, in order.
template <class Model, class Scores>
std::vector<double> score_loader(const DetectorState<Model, Scores>& state, const Scores& set, ScoreAverage average,
                                 BatchLoader<typename Model::Scalar>& loader) {
  std::vector<double> found;
  found.reserve(static_cast<std::size_t>(loader.size()));
  SubsetLoader<typename Model::Scalar> checked(loader, iota(loader.size()), nullptr, unknown_of<Model>);
  for_each_run(iota(loader.size()), 1024, [&](auto run, auto next) {
    const auto batch = checked.fetch(run, next);
    const auto first = static_cast<Index>(run.front());
    const std::vector<double> some = state.score_all(set, average, batch.inputs, loader.name(), first);
    found.insert(found.end(), some.begin(), some.end());
  });
  return found;
}

/// The mean of the models' reconstructions, in the units of the data.
template <class Model, class Scores>
MatrixX<typename Model::Scalar> mean_reconstruction(const DetectorState<Model, Scores>& state,
                                                    View<typename Model::Scalar> samples) {
  using Scalar = typename Model::Scalar;
  MatrixX<Scalar> found(samples.rows(), samples.cols());
  const ScoreSet<Model, SquaredErrorScore> through;
  state.for_each_block(
      samples, [&](View<Scalar> raw, Index first, ScoreMemory<Scalar>& memory) {
        const View<Scalar> some = state.scaled(raw, first, memory, "AnomalyDetector::reconstruct");
        std::vector<double> sum(static_cast<std::size_t>(some.rows() * some.cols()));
        for (const Model& model : state.models) {
          const View<Scalar> one = through.inputs(model, some, memory).reconstructions;
          for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(one.data()[i]);
        }
        for (Index j = 0; j < some.cols(); ++j)
          for (Index i = 0; i < some.rows(); ++i) {
            const auto k = static_cast<std::size_t>(i);
            const double mean =
                sum[static_cast<std::size_t>(j * some.rows() + i)] / static_cast<double>(state.models.size());
            found(i, first + j) = static_cast<Scalar>(mean * state.scaling.scale[k] + state.scaling.offset[k]);
          }
      });
  return found;
}

/// Moves the mean and the variance of each value towards a sample, with the weight `rate`. Values further from the mean
/// than five deviations count as these, so that one of them hardly matters; unknown ones do not count.
template <class Model, class Scores>
void follow(DetectorState<Model, Scores>& state, const typename Model::Scalar* sample, double rate) {
  for (std::size_t i = 0; i < state.scaling.scale.size(); ++i) {
    if (std::isnan(sample[i])) continue;
    double &mean = state.scaling.offset[i], &scale = state.scaling.scale[i];
    const double deviation = std::clamp(static_cast<double>(sample[i]) - mean, -5 * scale, 5 * scale);
    mean += rate * deviation;
    scale = (std::max)(state.least_scale[i], std::sqrt((1 - rate) * (scale * scale + rate * deviation * deviation)));
  }
}

}  // namespace eigencoder::detail
