#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace examples {

/// A score of our own, for images: the squared difference of an image from its reconstruction, where each value of the
/// difference is first replaced by a weighted mean over itself and its neighbors, so that errors of single pixels along
/// outlines, of both signs, count less than what is wrong over some area. The score is the highest heat of a pixel, the
/// sum over its channels; contributions are its parts.
struct SmoothedErrorScore {
  eigencoder::Shape image = {};  ///< of a sample

  /// As every `AnomalyScore`.
  ///@{
  static constexpr std::string_view name = "smoothed_error";

  void validate() const {
    if (!image.is_static() || !image.is_possible())
      throw eigencoder::OptionError("SmoothedErrorScore.image: the shape of an image has to be known");
  }

  template <class Scalar>
  void evaluate(const eigencoder::ScoreInputs<Scalar>& inputs, const eigencoder::ScoreState&,
                eigencoder::Buffer<double>& scratch, double* scores) const {
    double* const map = scratch.ensure_size(image.size());
    for (eigencoder::Index j = 0; j < inputs.samples.cols(); ++j) {
      write_map(inputs.samples.column(j), inputs.reconstructions.column(j), map);
      scores[j] = 0;
      for (const double* pixel = map; pixel != map + image.size(); pixel += image.channels) {
        double heat = 0;
        for (eigencoder::Index c = 0; c < image.channels; ++c) heat += pixel[c];
        scores[j] = (std::max)(scores[j], heat);
      }
    }
  }

  template <class Scalar>
  void contributions(const eigencoder::ScoreInputs<Scalar>& inputs, const eigencoder::ScoreState&,
                     eigencoder::Buffer<double>&, double* out) const {
    for (eigencoder::Index j = 0; j < inputs.samples.cols(); ++j, out += image.size())
      write_map(inputs.samples.column(j), inputs.reconstructions.column(j), out);
  }
  ///@}

 private:
  /// The smoothed and squared difference of each value. Weights are 1, 6, 1 in each direction, without those beyond the
  /// border.
  template <class Scalar>
  void write_map(const Scalar* sample, const Scalar* reconstruction, double* map) const {
    using eigencoder::Index;
    for (Index y = 0; y < image.height; ++y)
      for (Index x = 0; x < image.width; ++x)
        for (Index c = 0; c < image.channels; ++c) {
          double sum = 0, weights = 0;
          for (Index row = (std::max)(Index{0}, y - 1); row <= (std::min)(image.height - 1, y + 1); ++row)
            for (Index column = (std::max)(Index{0}, x - 1); column <= (std::min)(image.width - 1, x + 1); ++column) {
              const Index at = (row * image.width + column) * image.channels + c;
              const double weight = (row == y ? 6 : 1) * (column == x ? 6 : 1);
              sum += weight * (static_cast<double>(sample[at]) - static_cast<double>(reconstruction[at]));
              weights += weight;
            }
          const double mean = sum / weights;
          map[(y * image.width + x) * image.channels + c] = mean * mean;
        }
  }
};

}  // namespace examples
