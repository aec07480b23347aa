#pragma once

#include <Eigen/Core>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/version.hpp>
#include <string>

namespace eigencoder {

/// How this program was built and how many threads it uses, one `name: value` per line: the version of Eigencoder, the
/// compiler, whether it optimizes, assertions, the instruction sets that Eigen uses, threads and the version of Eigen.
/// For bug reports, and to see why a program is slow.
inline std::string build_info() {
#if defined(__clang__)
  const std::string compiler = "clang " __clang_version__;
#elif defined(__GNUC__)
  const std::string compiler = "g++ " __VERSION__;
#elif defined(_MSC_VER)
  const std::string compiler = "MSVC " + std::to_string(_MSC_VER);
#else
  const std::string compiler = "unknown";
#endif
#if defined(__OPTIMIZE__)
  const std::string optimized = "yes";
#elif defined(__GNUC__)
  const std::string optimized = "no: build Release, several times as fast";
#else
  const std::string optimized = "unknown";
#endif
#ifdef NDEBUG
  const std::string assertions = "off";
#else
  const std::string assertions = "on: NDEBUG turns them off";
#endif
#ifndef EIGENCODER_NO_THREADS
  const std::string built_without = "";
#else
  const std::string built_without = " (built without threads)";
#endif
  std::string thread_count;
  try {
    thread_count = std::to_string(threads());
  } catch (const OptionError& error) {
    thread_count = error.what();
  }
  const auto eigen = {EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION};
  std::string eigen_version;
  for (const int number : eigen) eigen_version += (eigen_version.empty() ? "" : ".") + std::to_string(number);

  return "Eigencoder: " + std::string(version) + "\ncompiler: " + compiler + "\noptimized: " + optimized +
         "\nassertions: " + assertions + "\ninstructions: " + Eigen::SimdInstructionSetsInUse() +
         "\nthreads: " + thread_count + built_without + "\nEigen: " + eigen_version + "\n";
}

}  // namespace eigencoder
