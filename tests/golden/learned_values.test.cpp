// Models of every composition learn in 20 steps what they learned when data/learned_values.txt was written.
#include "golden/learned_values/learned_values.hpp"

#include <cmath>
#include <fstream>
#include <map>

#include "support/catch.hpp"

using namespace golden;

namespace {

constexpr double tolerance = 1e-9;

std::map<std::string, LearnedValues> stored() {
  std::ifstream in(EIGENCODER_GOLDEN_DIR "/learned_values.txt");
  std::map<std::string, LearnedValues> all;
  for (LearnedValues learned; in >> learned.name;) {
    for (Projections* part : {&learned.parameters, &learned.statistics})
      in >> part->count >> part->cosines >> part->double_cosines >> part->norm;
    in >> learned.loss;
    REQUIRE(in);
    REQUIRE(all.emplace(learned.name, learned).second);
  }
  return all;
}

bool close(double actual, double expected, double scale) {
  return std::abs(actual - expected) <= tolerance * std::abs(scale);
}

void check(const char* what, const Projections& actual, const Projections& expected) {
  INFO(what);
  CHECK(actual.count == expected.count);
  CAPTURE(actual.cosines, expected.cosines, actual.double_cosines, expected.double_cosines, actual.norm, expected.norm);
  CHECK(close(actual.cosines, expected.cosines, expected.norm));
  CHECK(close(actual.double_cosines, expected.double_cosines, expected.norm));
  CHECK(close(actual.norm, expected.norm, expected.norm));
}

}  // namespace

TEST_CASE("models learn the values that are stored") {
  const auto expected = stored();
  const auto found = train_all<double>();
  CHECK(found.size() == expected.size());
  for (const LearnedValues& learned : found) {
    INFO(learned.name);
    REQUIRE(expected.contains(learned.name));
    const LearnedValues& before = expected.at(learned.name);
    check("parameters", learned.parameters, before.parameters);
    check("statistics", learned.statistics, before.statistics);
    CAPTURE(learned.loss, before.loss);
    CHECK(close(learned.loss, before.loss, before.loss));
  }
}
