#include "odd_pictures.hpp"

#include <eigencoder/data/split.hpp>
#include "heat_map.hpp"
#include "images.hpp"
#include "pictures.hpp"

namespace examples {

using eigencoder::Dataset, eigencoder::Index, eigencoder::MatrixX, eigencoder::take, eigencoder::View;

namespace {

constexpr Index shown_of_kind = 2;

/// Matrices of as many rows side by side.
MatrixX<float> side_by_side(const std::vector<MatrixX<float>>& parts, Index rows) {
  Index columns = 0;
  for (const auto& part : parts) columns += part.cols();
  MatrixX<float> all(rows, columns);
  columns = 0;
  for (const auto& part : parts) {
    all.middleCols(columns, part.cols()) = part;
    columns += part.cols();
  }
  return all;
}

}  // namespace

void write_odd_pictures(const Options& options, const std::string& name, const Dataset<float>& normal,
                        const std::vector<ImageGroup>& groups, const DetectorPictures& detector) {
  const Index pixels = normal.shape.height * normal.shape.width;
  std::vector<MatrixX<float>> before{take(normal.samples, evenly(shown_of_kind, normal.size()))}, tested = before;
  std::vector<MatrixX<float>> masks{MatrixX<float>::Zero(pixels, before[0].cols())};
  Index next = 1;  // each kind of damage is shown on other images
  for (const ImageGroup& group : groups) {
    std::vector<Index> chosen = evenly(shown_of_kind, group.samples.cols());
    for (Index& j : chosen) j = (j + next) % group.samples.cols();
    next += 7;
    const auto count = static_cast<Index>(chosen.size());
    tested.push_back(take(group.samples, chosen));
    before.push_back(group.is_damage() ? take(normal.samples, chosen)
                                       : MatrixX<float>::Ones(normal.samples.rows(), count).eval());
    masks.push_back(group.is_damage() ? take(group.masks, chosen) : MatrixX<float>::Zero(pixels, count).eval());
  }
  const Index values = normal.shape.size();
  const MatrixX<float> shown = side_by_side(tested, values);
  write_rows(options, name,
             {side_by_side(before, values), shown, detector.reconstruct(shown),
              heat_overlay(shown, normal.shape, detector.heat(shown), detector.hottest),
              mask_pictures(side_by_side(masks, pixels))},
             normal.shape, 2);
}

std::string odd_picture_columns(const std::vector<ImageGroup>& groups) {
  std::string text = "up to " + std::to_string(shown_of_kind) + " of each kind, from the left: held out";
  for (const ImageGroup& group : groups)
    if (group.samples.cols() > 0) text += ", " + group.name;
  return text;
}

}  // namespace examples
