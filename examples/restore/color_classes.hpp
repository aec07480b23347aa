#pragma once

#include <array>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

namespace examples {

/// Colors as classes, for a model that gives each pixel a distribution over them instead of one color, which would be
/// the mean of all that are likely, and dull. The plane of a and b of CIELAB is cut into squares; those that occur in
/// training images are the classes.
///
/// Source: Zhang, Isola & Efros, "Colorful image colorization" (2016), sections 2.1 to 2.3.
class ColorClasses {
 public:
  /// @param images  training images of three channels in [0, 1], one a column
  /// @param side    of a square, at least 1; one is centered at gray
  /// @throws ShapeError where rows are not pixels of three channels
  /// @throws DataError without images
  /// @throws OptionError for a side below 1
  explicit ColorClasses(eigencoder::View<float> images, double side = 10);

  /// The number of classes.
  eigencoder::Index count() const { return static_cast<eigencoder::Index>(centers_.size()); }

  /// The classes of the pixels of images, whole numbers: pixels x images. A color of no class gets the nearest one.
  eigencoder::MatrixX<float> classes_of(eigencoder::View<float> images) const;

  /// The weight of each class in the loss, higher for rare ones: 1 / ((1 - uniform) p + uniform / count) for the
  /// smoothed share p of a class in the training pixels, scaled such that the mean over the shares p is 1 (eq. 4
  /// there).
  /// @param uniform  lambda there, in [0, 1]
  /// @param stddev   of the Gaussian filter that smooths, in units of a and b
  std::vector<double> weights(double uniform = 0.5, double stddev = 5) const;

  /// Images in the lightness of gray ones and the annealed means of the classes' probabilities (eq. 5 there), clamped
  /// to [0, 1].
  /// @param probabilities  of the classes: count() for each pixel, side by side; one image a column
  /// @param gray           the same images of three channels, of which the lightness is taken
  /// @param temperature    T there, above 0: 1 gives the mean, towards 0 it becomes the likeliest class
  /// @throws ShapeError where the sizes do not fit
  eigencoder::MatrixX<float> colored(eigencoder::View<float> probabilities, eigencoder::View<float> gray,
                                     double temperature = 0.38) const;

 private:
  using Point = std::array<double, 2>;  // a and b

  static constexpr double least_side = 1;
  static constexpr std::size_t extent = 257;  // squares along a and along b: these lie in [-128, 128] for all of sRGB

  std::size_t square_of(const float* pixel) const;
  Point center_of(std::size_t square) const;
  eigencoder::Index nearest_class(const Point& point) const;

  double side_;
  std::vector<Point> centers_;
  std::vector<double> shares_;              ///< of the training pixels
  std::vector<eigencoder::Index> classes_;  ///< of each square, -1 for those that do not occur
};

}  // namespace examples
