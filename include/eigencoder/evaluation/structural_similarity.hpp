#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/evaluation/similarity_windows.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// How similar two sets of images look, by the structural similarity index (SSIM). Each of the sets may be a `View`, a
/// stored Eigen matrix or a `Dataset`; both have the same scalar.
///
/// Source: Wang, Bovik, Sheikh & Simoncelli, "Image quality assessment: from error visibility to structural similarity"
/// (2004), eq. 13 to 17: a Gaussian window of 11 x 11 pixels and a standard deviation of 1.5, K1 = 0.01, K2 = 0.03. The
/// mean is over all windows that lie within the image, as in the authors' program, and over the channels.
namespace eigencoder {

/// The structural similarity of each pair of images, in [-1, 1], and 1 for equal ones.
/// @param first   one image a column
/// @param second  as many images
/// @param shape   of an image, with all sizes known, and at least 11 x 11 pixels
/// @param peak    the largest value that an image may have, where 0 is the least
/// @throws ShapeError for sets of another shape or of different sizes, and for images smaller than the window
/// @throws DataError for empty sets, NaN or infinity, or a peak outside [1e-100, 1e100]
template <class A, class B>
std::vector<double> structural_similarities(const A& first, const B& second, Shape shape, double peak = 1) {
  const View a(first);
  const decltype(View(first)) b(second);
  constexpr int window = detail::SimilarityWindows::size;
  if (!shape.is_possible() || !shape.is_static() || shape.height < window || shape.width < window)
    throw ShapeError(detail::message(
        {"structural_similarity: images need at least ", window, " x ", window, " pixels, got ", shape.text().view()}));
  detail::check_rows(a, shape.size(), "structural_similarity: the first images");
  detail::check_rows(b, shape.size(), "structural_similarity: the second images");
  if (a.cols() != b.cols())
    throw ShapeError(detail::message({"structural_similarity: ", a.cols(), " images and ", b.cols(), " images"}));
  detail::check_finite(a, "structural_similarity: the first images");
  detail::check_finite(b, "structural_similarity: the second images");
  if (!(peak >= 1e-100 && peak <= 1e100))
    throw DataError("eigencoder: structural_similarity needs a peak in [1e-100, 1e100]");

  std::vector<double> similarities(static_cast<std::size_t>(a.cols()));
  detail::parallel_tiles(a.cols(), 8, threads(), [&](Index begin, Index count, int) {
    detail::SimilarityWindows windows(shape, peak);
    for (Index j = begin; j < begin + count; ++j)
      similarities[static_cast<std::size_t>(j)] = windows.mean(a.column(j), b.column(j));
  });
  return similarities;
}

/// The mean structural similarity of pairs of images.
/// @throws ShapeError, DataError as `structural_similarities` does
template <class A, class B>
double structural_similarity(const A& first, const B& second, Shape shape, double peak = 1) {
  double sum = 0;
  const std::vector<double> similarities = structural_similarities(first, second, shape, peak);
  for (const double similarity : similarities) sum += similarity;
  return sum / static_cast<double>(similarities.size());
}

}  // namespace eigencoder
