#pragma once

#include <algorithm>
#include <atomic>
#include <eigencoder/extend/errors.hpp>

#ifndef EIGENCODER_NO_THREADS
#include <charconv>
#include <cstdlib>
#include <eigencoder/detail/platform/available_cores.hpp>
#include <eigencoder/detail/platform/thread_pool.hpp>
#include <string>
#include <string_view>
#endif

/// @file
/// How many threads training and inference use. Results do not depend on it, bit for bit. They are the library's own,
/// made when they are first needed. One call of the library uses them at a time: one that finds them busy, as in a
/// program that trains two models in two threads, works on its own thread alone. Compiled with `EIGENCODER_NO_THREADS`
/// defined, in all files of a program, everything runs on the calling thread.
namespace eigencoder {

/// The most threads that the library uses.
inline constexpr int max_threads = 1024;

namespace detail {

/// What the user set; 0 for the default.
inline constinit std::atomic<int> thread_setting{0};

#ifndef EIGENCODER_NO_THREADS
/// What the environment variable EIGENCODER_THREADS says, else the number of processors that this process may use.
/// @throws OptionError unless the variable is a whole number from 1 to `max_threads`
inline int initial_threads() {
  const char* const variable = std::getenv("EIGENCODER_THREADS");
  const std::string_view text = variable ? variable : "";
  if (text.empty()) return (std::min)(available_cores(), max_threads);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > max_threads)
    throw OptionError("eigencoder: the environment variable EIGENCODER_THREADS is \"" + std::string(text) +
                      "\"; it must be a whole number from 1 to " + std::to_string(max_threads));
  return value;
}
#endif

}  // namespace detail

/// Sets how many threads training and inference use from now on, at most `max_threads`. 0, the default, is what the
/// environment variable EIGENCODER_THREADS says, else as many as there are processors for this process: those of its
/// affinity, within the quota of its container.
inline void set_threads(int threads) { detail::thread_setting = std::clamp(threads, 0, max_threads); }

/// The number of threads in force.
/// @throws OptionError if EIGENCODER_THREADS decides and is not a whole number from 1 to `max_threads`
inline int threads() {
#ifndef EIGENCODER_NO_THREADS
  static constinit std::atomic<int> initial{0};  // read once
  if (const int chosen = detail::thread_setting) return chosen;
  if (initial == 0) initial = detail::initial_threads();
  return initial;
#else
  return 1;
#endif
}

/// Ends the library's threads and waits for them; the next call that needs threads makes new ones. For a plugin before
/// it is unloaded: a program that ends need not call it. No call of the library may be under way in this thread.
inline void release_threads() {
#ifndef EIGENCODER_NO_THREADS
  detail::thread_pool.release();
#endif
}

}  // namespace eigencoder
