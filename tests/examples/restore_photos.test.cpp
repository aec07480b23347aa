#include <algorithm>
#include <eigencoder/extend/random.hpp>
#include <restore/photos.hpp>
#include <vector>
#include "support/catch.hpp"

namespace restore_photos_test {

using eigencoder::Index;
using eigencoder::MatrixX;
using eigencoder::Shape;
using namespace examples;

Photo photo(Index height, Index width) {
  const Shape shape{height, width, 3};
  eigencoder::Random random(3, eigencoder::Purpose::user);
  Photo made{eigencoder::VectorX<float>(shape.size()), shape};
  for (float& value : made.values) value = static_cast<float>(0.1 + 0.8 * random.uniform());
  return made;
}

/// A model that changes nothing, and notes the shapes that it sees.
ImageRestorer copy(std::vector<Shape>& seen) {
  return [&seen](const MatrixX<float>& images, const Shape& shape) {
    seen.push_back(shape);
    return images;
  };
}

TEST_CASE("a photo of any size passes a model that wants multiples, in tiles if it is large") {
  for (const Shape shape : {Shape{3, 5, 3}, Shape{40, 40, 3}, Shape{131, 300, 3}}) {
    std::vector<Shape> seen;
    const Photo given = photo(shape.height, shape.width);
    const Photo made = restore_photo(copy(seen), Task::deblur, given);
    CHECK(made.shape == shape);
    CHECK((made.values - given.values).cwiseAbs().maxCoeff() < 1e-5F);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].height % side_multiple == 0);
    CHECK(seen[0].width % side_multiple == 0);
    CHECK(seen[0].width <= 128);
  }
}

TEST_CASE("a photo is enlarged, made gray, or has its holes filled and nothing else changed") {
  std::vector<Shape> seen;
  Photo given = photo(9, 14);
  CHECK(restore_photo(copy(seen), Task::upscale, given).shape == Shape{18, 28, 3});

  const Photo gray = restore_photo(copy(seen), Task::colorize, given);
  for (Index i = 0; i < gray.values.size(); i += 3) CHECK(gray.values[i] == gray.values[i + 2]);

  for (const Index pixel : {17, 18}) given.values.segment(3 * pixel, 3) = Eigen::Vector3f(1, 0, 1);
  const auto fill = [](const MatrixX<float>& images, const Shape&) {
    return MatrixX<float>(images.unaryExpr([](float value) { return value < 0 ? 0.5F : value + 0.1F; }));
  };
  const Photo filled = restore_photo(fill, Task::inpaint, given);
  for (Index i = 0; i < filled.values.size(); ++i)
    CHECK(filled.values[i] == (i / 3 == 17 || i / 3 == 18 ? 0.5F : given.values[i]));
}

TEST_CASE("a restored photo lies in [0, 1]") {
  const auto exaggerate = [](const MatrixX<float>& images, const Shape&) { return MatrixX<float>(3 * images); };
  const Photo made = restore_photo(exaggerate, Task::watermark, photo(8, 8));
  CHECK(made.values.maxCoeff() == 1);
}

}  // namespace restore_photos_test
