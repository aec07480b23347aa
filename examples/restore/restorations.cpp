#include "restorations.hpp"

#include <common/images.hpp>
#include <common/pictures.hpp>
#include <eigencoder/data/split.hpp>
#include <vector>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::take;

namespace {

/// Damaged images with erased pixels in magenta.
MatrixX<float> shown_damage(const Restorations& images) {
  MatrixX<float> shown = images.damaged;
  if (images.mask.size() == 0) return shown;
  constexpr float magenta[] = {1, 0, 1};
  for (Index j = 0; j < shown.cols(); ++j)
    for (Index i = 0; i < shown.rows(); ++i)
      if (images.mask(i, j) != 0) shown(i, j) = magenta[i % 3];
  return shown;
}

}  // namespace

void write_restorations(const Options& options, const Restorations& images) {
  const std::vector<Index> indices = evenly(12, images.clean.cols());
  std::vector<MatrixX<float>> rows = {take(shown_damage(images), indices), take(images.restored, indices),
                                      take(images.baseline, indices)};
  if (images.vivid.size() > 0) rows.push_back(take(images.vivid, indices));
  rows.push_back(take(images.clean, indices));
  write_rows(options, "reconstructions.png", rows, images.shape);
}

}  // namespace examples
