#include "color_classes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>
#include <limits>
#include <string>
#include "lab.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

namespace {

void require_pixels(View<float> images) {
  if (images.rows() % 3 != 0 || images.rows() == 0)
    throw eigencoder::ShapeError("ColorClasses: " + std::to_string(images.rows()) +
                                 " values are no pixels of three channels");
}

Lab lab_of(const float* pixel) {
  Rgb color{};
  for (std::size_t c = 0; c < 3; ++c) color[c] = std::clamp(static_cast<double>(pixel[c]), 0.0, 1.0);
  return to_lab(color);
}

double squared_distance(const std::array<double, 2>& p, const std::array<double, 2>& q) {
  return (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]);
}

}  // namespace

ColorClasses::ColorClasses(View<float> images, double side) : side_(side), classes_(extent * extent, -1) {
  require_pixels(images);
  if (images.cols() == 0) throw eigencoder::DataError("ColorClasses: there are no images to learn from");
  if (!(side >= least_side)) throw eigencoder::OptionError("ColorClasses: a square's side is at least 1");
  std::vector<double> pixels(classes_.size());
  for (Index j = 0; j < images.cols(); ++j)
    for (Index i = 0; i < images.rows(); i += 3) pixels[square_of(images.column(j) + i)] += 1;
  const double all = static_cast<double>(images.cols() * (images.rows() / 3));
  for (std::size_t square = 0; square < pixels.size(); ++square) {
    if (pixels[square] == 0) continue;
    classes_[square] = count();
    centers_.push_back(center_of(square));
    shares_.push_back(pixels[square] / all);
  }
}

MatrixX<float> ColorClasses::classes_of(View<float> images) const {
  require_pixels(images);
  MatrixX<float> classes(images.rows() / 3, images.cols());
  for (Index j = 0; j < classes.cols(); ++j)
    for (Index p = 0; p < classes.rows(); ++p) {
      const std::size_t square = square_of(images.column(j) + 3 * p);
      const Index met = classes_[square];
      classes(p, j) = static_cast<float>(met >= 0 ? met : nearest_class(center_of(square)));
    }
  return classes;
}

std::vector<double> ColorClasses::weights(double uniform, double stddev) const {
  std::vector<double> smoothed(centers_.size());
  double mass = 0;
  for (std::size_t k = 0; k < centers_.size(); ++k) {
    for (std::size_t from = 0; from < centers_.size(); ++from)
      smoothed[k] += shares_[from] * std::exp(-squared_distance(centers_[k], centers_[from]) / (2 * stddev * stddev));
    mass += smoothed[k];
  }
  std::vector<double> weights;
  double mean = 0;
  for (std::size_t k = 0; k < centers_.size(); ++k) {
    const double share = smoothed[k] / mass;
    weights.push_back(1 / ((1 - uniform) * share + uniform / static_cast<double>(count())));
    mean += share * weights.back();
  }
  for (double& weight : weights) weight /= mean;
  return weights;
}

MatrixX<float> ColorClasses::colored(View<float> probabilities, View<float> gray, double temperature) const {
  require_pixels(gray);
  if (probabilities.cols() != gray.cols() || probabilities.rows() != gray.rows() / 3 * count())
    throw eigencoder::ShapeError("ColorClasses: each pixel needs " + std::to_string(count()) + " probabilities");
  MatrixX<float> out(gray.rows(), gray.cols());
  Eigen::ArrayXf shares;
  for (Index j = 0; j < out.cols(); ++j)
    for (Index p = 0; p < out.rows() / 3; ++p) {
      const Eigen::Map<const Eigen::ArrayXf> of_pixel(probabilities.column(j) + p * count(), count());
      shares = ((of_pixel / of_pixel.maxCoeff()).log() / static_cast<float>(temperature)).exp();
      double mass = 0, a = 0, b = 0;
      for (Index k = 0; k < count(); ++k) {
        const double share = static_cast<double>(shares[k]);
        mass += share;
        a += share * centers_[static_cast<std::size_t>(k)][0];
        b += share * centers_[static_cast<std::size_t>(k)][1];
      }
      const Rgb color = to_rgb({lab_of(gray.column(j) + 3 * p).lightness, a / mass, b / mass});
      for (std::size_t c = 0; c < 3; ++c)
        out(3 * p + static_cast<Index>(c), j) = static_cast<float>(std::clamp(color[c], 0.0, 1.0));
    }
  return out;
}

std::size_t ColorClasses::square_of(const float* pixel) const {
  const Lab color = lab_of(pixel);
  const auto cell = [&](double value) {
    return static_cast<std::size_t>(std::lround(value / side_) + static_cast<long>(extent / 2));
  };
  return cell(color.a) * extent + cell(color.b);
}

ColorClasses::Point ColorClasses::center_of(std::size_t square) const {
  const auto coordinate = [&](std::size_t cell) {
    return side_ * (static_cast<double>(cell) - static_cast<double>(extent / 2));
  };
  return {coordinate(square / extent), coordinate(square % extent)};
}

Index ColorClasses::nearest_class(const Point& point) const {
  Index nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < centers_.size(); ++k) {
    const double distance = squared_distance(point, centers_[k]);
    if (distance >= least) continue;
    least = distance;
    nearest = static_cast<Index>(k);
  }
  return nearest;
}

}  // namespace examples
