#include "pictures.hpp"

#include <eigencoder/image/picture.hpp>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

void write_grid(const Options& options, const std::string& name, View<float> samples, const Shape& image,
                const Grid& grid) {
  write_png(options.result(name),
            image_grid(samples, image, {.columns = grid.columns, .scale = grid.scale, .gap = grid.gap}));
}

void write_rows(const Options& options, const std::string& name, const std::vector<MatrixX<float>>& rows,
                const Shape& image, Index scale) {
  const std::vector<View<float>> views(rows.begin(), rows.end());
  write_png(options.result(name), comparison(views, image, {.scale = scale, .gap = 4}));
}

}  // namespace examples
