#include <eigencoder/model/build_info.hpp>
#include <string>

#include "support/catch.hpp"

using namespace eigencoder;

namespace {

/// The value of the line `name: value`; empty if there is no such line.
std::string line(const std::string& name) {
  const std::string text = "\n" + build_info(), key = "\n" + name + ": ";
  const auto start = text.find(key);
  if (start == std::string::npos) return "";
  const auto from = start + key.size();
  return text.substr(from, text.find('\n', from) - from);
}

}  // namespace

TEST_CASE("build_info describes the build") {
  CHECK(line("Eigencoder") == version);
  CHECK(line("Eigen") == std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                             std::to_string(EIGEN_MINOR_VERSION));
  CHECK(line("instructions") == Eigen::SimdInstructionSetsInUse());
#ifdef __clang__
  CHECK(line("compiler").starts_with("clang " + std::to_string(__clang_major__) + "."));
#elif defined(__GNUC__)
  CHECK(line("compiler").starts_with("g++ " + std::to_string(__GNUC__) + "."));
#else
  CHECK(line("compiler") != "");
#endif
#ifdef NDEBUG
  CHECK(line("assertions") == "off");
#else
  CHECK(line("assertions").starts_with("on"));
#endif
#ifdef __OPTIMIZE__
  CHECK(line("optimized") == "yes");
#else
  CHECK(line("optimized") != "yes");
  CHECK(line("optimized") != "");
#endif
  CHECK(build_info().ends_with("\n"));
}

TEST_CASE("build_info gives the number of threads") {
  set_threads(3);
#ifdef EIGENCODER_NO_THREADS
  CHECK(line("threads") == "1 (built without threads)");
  set_threads(0);
#else
  CHECK(line("threads") == "3");
  set_threads(0);
  CHECK(line("threads") == std::to_string(threads()));
#endif
}
