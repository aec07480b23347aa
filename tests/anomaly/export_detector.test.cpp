// The text of detectors' exported headers. tests/consumer/exported compiles headers and compares their results with the
// detectors'.
#include <eigencoder/anomaly/export_detector.hpp>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "anomaly/detector_bits.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace export_detector_test {
namespace {

const std::vector<std::string> six{"a", "b", "c", "d", "e", "f"};

template <class Detector>
std::string header_of(const Detector& detector, const DetectorExportOptions& options = {}) {
  const TemporaryFolder folder;
  export_header(detector, folder / "d.hpp", options);
  const auto bytes = bytes_of(folder / "d.hpp");
  return {bytes.begin(), bytes.end()};
}

/// The numbers of an array in a header, of the namespace's if one is given; empty if there is no such array.
std::vector<double> array_of(const std::string& header, const std::string& name, const std::string& space = "") {
  std::vector<double> values;
  const std::size_t definition = header.find(" " + name + "[", space.empty() ? 0 : header.find("namespace " + space));
  if (definition == header.npos) return values;
  const char* text = header.c_str() + header.find('{', definition) + 1;
  while (*text != '}') {
    char* end = nullptr;
    values.push_back(std::strtod(text, &end));
    if (end == text) return {};
    text = end + std::strspn(end, "f, \n");
  }
  return values;
}

int count_of(const std::string& text, std::string_view words) {
  int count = 0;
  for (std::size_t i = text.find(words); i != text.npos; i = text.find(words, i + 1)) ++count;
  return count;
}

const ToyDetector& shared() {
  static const ToyDetector detector = fitted(small_detector());
  return detector;
}

}  // namespace

TEST_CASE("an exported header holds what the detector has learned, bit for bit") {
  const ToyDetector& detector = shared();
  const std::string header = header_of(detector, {.name = "pumps"});
  CHECK(array_of(header, "offset") == detector.scaling().offset);
  CHECK(array_of(header, "scale") == detector.scaling().scale);
  const std::size_t threshold = header.find("double threshold = ");
  REQUIRE(threshold != header.npos);
  CHECK(std::strtod(header.c_str() + threshold + 19, nullptr) == detector.threshold());

  const auto& state = detail::DetectorAccess::state(detector);
  for (const std::size_t m : {0U, 3U}) {
    const std::string space = "model_" + std::to_string(m) + " {";
    const ScoreState &mahalanobis = state.scores[m][1], &nearest = state.scores[m][2];
    const std::vector<double> mean = array_of(header, "score_1_mean", space);
    REQUIRE(mean.size() == 9);
    for (Index i = 0; i < 9; ++i) CHECK(mean[static_cast<std::size_t>(i)] == mahalanobis.learned[0](i, 0));
    const std::vector<double> inverse = array_of(header, "score_1_inverse", space);
    REQUIRE(inverse.size() == 45);  // the lower triangle
    std::size_t k = 0;
    for (Index i = 0; i < 9; ++i)
      for (Index j = 0; j <= i; ++j) CHECK(inverse[k++] == mahalanobis.derived[0](i, j));
    const std::vector<double> memory = array_of(header, "score_2_memory", space);
    REQUIRE(memory.size() == 72);
    for (Index i = 0; i < 72; ++i) CHECK(memory[static_cast<std::size_t>(i)] == nearest.learned[0](i / 6, i % 6));
  }
  CHECK(count_of(header, "inline constexpr Scalar score_2_memory[72]") == 4);  // of the models' scalar
  CHECK(says(header, {"\nnamespace pumps {\n", "input_size = 6;", "using Scalar = float;", "// models 0 to 1:\n",
                      "// models 2 to 3:\n", "// Scores: squared_error, mahalanobis, nearest_reconstruction\n"}));
  CHECK(header.starts_with("// A trained anomaly detector, written by Eigencoder " + std::string(version)));
  CHECK(header.find("string_view") == header.npos);
  CHECK(count_of(header, "#include") == 4);
}

TEST_CASE("an exported header has only the functions that its detector uses, and once") {
  const std::string all = header_of(shared());
  for (const char* once : {"double squared_error(", "double mahalanobis(", "double nearest_reconstruction(",
                           "double logarithm(", "void silu(", "void add_product("})
    CHECK(count_of(all, once) == 1);
  CHECK(count_of(all, "sum += logarithm(") == 12);
  const std::string plain = header_of(fitted(small_detector({})));
  CHECK(plain.find("logarithm") == plain.npos);
  CHECK(count_of(plain, "add_contributions(working, 1.0 / 6, output)") == 6);
  AnomalyDetector squared{small_model(), DetectorOptions{}};
  const std::string one = header_of(fitted(squared));
  for (const char* other : {"mahalanobis", "nearest", "numbers"}) CHECK(one.find(other) == one.npos);
  CHECK(says(one, {"// model 0:\n", "  sum += squared_error(working);\n", "  return sum / 1;\n"}));
}

TEST_CASE("names are string literals of their bytes") {
  CHECK(detail::string_literal("age") == "\"age\"");
  CHECK(detail::string_literal("\"x\\y\"") == R"("\"x\\y\"")");
  CHECK(detail::string_literal("what\?\?/") == R"("what\?\?/")");
  CHECK(detail::string_literal(std::string_view("\n\0"
                                                "7\x7F",
                                                4)) == R"("\012\0007\177")");
  CHECK(detail::string_literal("\xC3\xBC") == R"("\303\274")");
  const std::string header = header_of(shared(), {.names = {"a", "\"", "c\n", "", "e", "f"}});
  CHECK(says(header, {"#include <string_view>\n", "names[input_size] = {\n    {\"a\", 1},\n    {\"\\\"\", 1},\n",
                      "{\"c\\012\", 2}", "{\"\", 0}", "{\"f\", 1}};\n"}));
}

TEST_CASE("a threshold that flags everything or nothing is exported") {
  ToyDetector detector = shared();
  detector.set_threshold(std::numeric_limits<double>::infinity());
  CHECK(says(header_of(detector), {"double threshold = std::numeric_limits<double>::infinity();"}));
  detector.set_threshold(-std::numeric_limits<double>::infinity());
  CHECK(says(header_of(detector), {"double threshold = -std::numeric_limits<double>::infinity();"}));
}

TEST_CASE("what cannot be exported is refused, and the old file stays") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> old = {'o', 'l', 'd'};
  const std::string path = folder.put("d.hpp", old);
  const ToyDetector& detector = shared();
  CHECK(says(thrown<OptionError>([&] { export_header(small_detector(), path); }), {"has learned nothing"}));
  CHECK(says(thrown<OptionError>([&] { export_header(detector, path, {.name = "2d"}); }),
             {"DetectorExportOptions.name: '2d'"}));
  CHECK(says(thrown<ShapeError>([&] {
               export_header(detector, path, {.names = {"a", "b"}});
             }),
             {"DetectorExportOptions.names: 2 names for samples of 6 values"}));
  ToyDetector sick = detector;
  detail::DetectorAccess::state(sick).models[1].parameters()[0] = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { export_header(sick, path); }), {"weight_0", "not finite"}));
  CHECK(bytes_of(path) == old);
  CHECK(says(thrown<FileError>([&] { export_header(detector, folder / "none/d.hpp"); }), {folder / "none/d.hpp"}));
#ifdef __linux__
  CHECK(says(thrown<FileError>([&] { export_header(detector, "/dev/full"); }), {"/dev/full"}));
#endif
  CHECK(folder.entries() == 1);
  CHECK_NOTHROW(export_header(detector, path, {.name = "robot::ear", .names = six}));
}

TEST_CASE("a loaded detector is exported to the same text") {
  const TemporaryFolder folder;
  save(shared(), folder / "d", {.names = six});
  ToyDetector loaded = small_detector();
  const DetectorMetadata file = load(loaded, folder / "d");
  CHECK(header_of(loaded, {.names = file.names}) == header_of(shared(), {.names = six}));
}

}  // namespace export_detector_test
