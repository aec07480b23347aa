#include "diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <numbers>
#include <vector>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

namespace {

/// An erased value and where its neighbors are.
struct Unknown {
  Index at = 0;
  Index neighbors[4] = {};
  int count = 0;  ///< of the neighbors within the image: mirroring repeats the value itself beyond the border
};

std::vector<Unknown> unknowns_of(const float* mask, const Shape& shape, Index channel) {
  const Index pixel = shape.channels, line = shape.width * shape.channels;
  std::vector<Unknown> unknowns;
  for (Index y = 0; y < shape.height; ++y)
    for (Index x = 0; x < shape.width; ++x) {
      Unknown unknown{y * line + x * pixel + channel, {}, 0};
      if (mask[unknown.at] == 0) continue;
      const auto add = [&](bool exists, Index step) {
        if (exists) unknown.neighbors[unknown.count++] = unknown.at + step;
      };
      add(y > 0, -line);
      add(y + 1 < shape.height, line);
      add(x > 0, -pixel);
      add(x + 1 < shape.width, pixel);
      unknowns.push_back(unknown);
    }
  return unknowns;
}

/// The relaxation that is best for a square with as many unknowns, two sides of which lie at the image's border.
double relaxation_for(std::size_t unknowns) {
  const double side = 2 * std::sqrt(static_cast<double>(unknowns));
  return 2 / (1 + std::sin(std::numbers::pi / (side + 1)));
}

void relax(std::vector<double>& image, const std::vector<Unknown>& unknowns) {
  constexpr double tolerance = 1e-5;
  constexpr int most_sweeps = 10000;
  const double factor = relaxation_for(unknowns.size());
  double change = 1;
  for (int sweep = 0; sweep < most_sweeps && change > tolerance; ++sweep) {
    change = 0;
    for (const Unknown& unknown : unknowns) {
      double sum = 0;
      for (int k = 0; k < unknown.count; ++k) sum += image[static_cast<std::size_t>(unknown.neighbors[k])];
      double& value = image[static_cast<std::size_t>(unknown.at)];
      const double step = factor * (sum / unknown.count - value);
      value += step;
      change = (std::max)(change, (std::abs)(step));
    }
  }
}

/// The mean of a channel's known values, to start from.
double known_mean(const float* image, const float* mask, const Shape& shape, Index channel) {
  double sum = 0, count = 0;
  for (Index i = channel; i < shape.size(); i += shape.channels)
    if (mask[i] == 0) {
      sum += static_cast<double>(image[i]);
      count += 1;
    }
  return count > 0 ? sum / count : 0.5;
}

}  // namespace

MatrixX<float> diffused(View<float> images, View<float> mask, const Shape& shape) {
  if (images.rows() != shape.size() || mask.rows() != images.rows() || mask.cols() != images.cols())
    throw eigencoder::ShapeError("diffused: each image needs a mask of its shape");
  MatrixX<float> out = images.matrix();
  for (Index j = 0; j < out.cols(); ++j) {
    std::vector<double> values(images.column(j), images.column(j) + images.rows());
    for (Index c = 0; c < shape.channels; ++c) {
      const std::vector<Unknown> unknowns = unknowns_of(mask.column(j), shape, c);
      const double start = known_mean(images.column(j), mask.column(j), shape, c);
      for (const Unknown& unknown : unknowns) values[static_cast<std::size_t>(unknown.at)] = start;
      const bool has_boundary = static_cast<Index>(unknowns.size()) * shape.channels < shape.size();
      if (has_boundary) relax(values, unknowns);
      for (const Unknown& unknown : unknowns)
        out(unknown.at, j) = static_cast<float>(values[static_cast<std::size_t>(unknown.at)]);
    }
  }
  return out;
}

}  // namespace examples
