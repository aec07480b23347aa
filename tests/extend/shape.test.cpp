#include <eigencoder/extend/shape.hpp>

#include "support/catch.hpp"

#include <limits>
#include <vector>

using namespace eigencoder;

namespace {

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {Shape::flat(12),
                                         Shape::flat(13),
                                         Shape::flat(1),
                                         Shape::flat(Dynamic),
                                         Shape::none(),
                                         {2, 3, 2},
                                         {3, 2, 2},
                                         {1, 12, 1},
                                         {Dynamic, 3, 2},
                                         {2, Dynamic, Dynamic},
                                         {2, Shape::impossible, 3}};
  return all;
}

}  // namespace

TEST_CASE("a shape works at compile time") {
  STATIC_REQUIRE(Shape{4, 5, 3}.size() == 60);
  STATIC_REQUIRE(Shape{4, 5, 3}.text().view() == "4x5x3");
  STATIC_REQUIRE(Shape::flat(60).fits(Shape{4, 5, 3}));
}

TEST_CASE("the size is the product of the sides, Dynamic while a side is, impossible where a side is") {
  CHECK(Shape::flat(7).size() == 7);
  CHECK(Shape{2, 3, 4}.size() == 24);
  CHECK(Shape{2, Dynamic, 4}.size() == Dynamic);
  CHECK(Shape{2, Dynamic, Shape::impossible}.size() == Shape::impossible);
  CHECK(Shape::none().size() == Shape::impossible);
}

TEST_CASE("a size below one is impossible, Dynamic is not") {
  CHECK(Shape::flat(0) == Shape::flat(-7));
  CHECK_FALSE(Shape::flat(0).is_possible());
  CHECK(Shape::flat(Dynamic).is_possible());
  CHECK_FALSE(Shape::flat(Dynamic).is_static());
  CHECK(Shape::flat(1).is_static());
}

TEST_CASE("fitting is symmetric, and reflexive for what is possible") {
  for (const Shape& a : shapes()) {
    CHECK(a.fits(a) == a.is_possible());
    for (const Shape& b : shapes()) CHECK(a.fits(b) == b.fits(a));
  }
}

TEST_CASE("static shapes fit only at equal sizes; images only where all sides are equal") {
  for (const Shape& a : shapes())
    for (const Shape& b : shapes()) {
      if (!a.is_static() || !b.is_static()) continue;
      if (a.fits(b)) CHECK(a.size() == b.size());
      if (a.size() == b.size() && (a.is_flat() || b.is_flat())) CHECK(a.fits(b));
      if (!a.is_flat() && !b.is_flat()) CHECK(a.fits(b) == (a == b));
    }
  CHECK(Shape::flat(Dynamic).fits(Shape{2, 3, 2}));
  CHECK_FALSE(Shape::flat(Dynamic).fits(Shape::none()));
}

TEST_CASE("shapes read as they are written") {
  CHECK(Shape::flat(784).text().view() == "784");
  CHECK(Shape::flat(Dynamic).text().view() == "?");
  CHECK(Shape{28, Dynamic, 3}.text().view() == "28x?x3");
  CHECK(Shape::flat(0).text().view() == "an impossible size");
}

TEST_CASE("a shape of more values than can be counted is impossible") {
  constexpr Index most = std::numeric_limits<Index>::max();
  STATIC_REQUIRE(Shape{most, 1, 1}.size() == most);
  STATIC_REQUIRE(Shape{1, most / 3, 3}.size() == most / 3 * 3);
  for (const Shape& shape : {Shape{most, 2, 1}, Shape{1, most / 3 + 1, 3}, Shape{most, most, most}}) {
    CHECK(shape.size() == Shape::impossible);
    CHECK_FALSE(shape.is_possible());
    CHECK_FALSE(shape.fits(shape));
  }
  CHECK(Shape{most, Dynamic, most}.is_possible());
}
