#pragma once

#include <algorithm>
#include <atomic>

#ifndef EIGENCODER_NO_THREADS
#include <cstdlib>
#include <eigencoder/detail/platform/available_cores.hpp>
#include <eigencoder/detail/platform/thread_pool.hpp>
#include <eigencoder/extend/errors.hpp>
#include <string>
#endif

/// @file
/// The number of threads, chosen and by default.
namespace eigencoder::detail {

inline constexpr int max_threads = 1024;  // as in extend/threads.hpp

/// What the user chose; 0 for the default.
inline constinit std::atomic<int> thread_setting{0};

#ifndef EIGENCODER_NO_THREADS

/// What the environment variable EIGENCODER_THREADS says, else the number of processors that this process may use.
/// @throws OptionError unless the variable is a whole number from 1 to `max_threads`
inline int initial_threads() {
  const char* const variable = std::getenv("EIGENCODER_THREADS");
  if (!variable || !*variable) return (std::min)(available_cores(), max_threads);
  const std::string text = variable;
  const bool is_short_number = text.find_first_not_of("0123456789") == text.npos && text.size() < 9;
  const int value = is_short_number ? std::atoi(variable) : 0;
  if (value < 1 || value > max_threads)
    throw OptionError("eigencoder: the environment variable EIGENCODER_THREADS is \"" + text +
                      "\"; it must be a whole number from 1 to " + std::to_string(max_threads));
  return value;
}

/// The number of threads in force.
inline int thread_count() {
  static constinit std::atomic<int> initial{0};  // asked for once
  if (const int chosen = thread_setting; chosen > 0) return chosen;
  if (initial == 0) initial = initial_threads();
  return initial;
}

inline void release_threads() { thread_pool.release(); }

#else

inline int thread_count() { return 1; }
inline void release_threads() {}

#endif

}  // namespace eigencoder::detail
