#include <eigencoder/extend/text.hpp>

#include "support/catch.hpp"

#include <limits>
#include <string>

using namespace eigencoder;

TEST_CASE("a text is built at compile time from words and numbers") {
  constexpr Text text = Text::of("Dense<", 64LL, ">: got ", Text("12"), ".");
  STATIC_REQUIRE(text.view() == "Dense<64>: got 12.");
  STATIC_REQUIRE(Text().empty());
  STATIC_REQUIRE_FALSE(text.empty());
}

TEST_CASE("numbers read as std::to_string writes them") {
  using Limits = std::numeric_limits<long long>;
  for (const long long n : {0LL, 7LL, 10LL, -1LL, -120LL, 1234567890123LL, Limits::max(), Limits::min()})
    CHECK(std::string(Text().append(n).view()) == std::to_string(n));
}

TEST_CASE("a text is cut at its capacity") {
  const std::string half(Text::capacity / 2, 'a');
  Text text(half);
  text.append(half);
  CHECK(text.view() == half + half);
  text.append("b").append(1LL);
  CHECK(text.view() == half + half);
  CHECK(Text(half + half + "b").view() == half + half);
}
