#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/thread_setting.hpp>

/// @file
/// How many threads training and inference use. Results do not depend on it, bit for bit. They are the library's own,
/// made when they are first needed. One call of the library uses them at a time: one that finds them busy, as in a
/// program that trains two models in two threads, works on its own thread alone. Compiled with `EIGENCODER_NO_THREADS`
/// defined, in all files of a program, everything runs on the calling thread.
namespace eigencoder {

/// The most threads that the library uses.
inline constexpr int max_threads = 1024;

/// Sets how many threads training and inference use from now on, at most `max_threads`. 0, the default, is what the
/// environment variable EIGENCODER_THREADS says, else as many as there are processors for this process: those of its
/// affinity, within the quota of its container. Threads have the affinity of the thread that first needs them.
inline void set_threads(int threads) { detail::thread_setting = std::clamp(threads, 0, max_threads); }

/// The number of threads in force.
/// @throws OptionError if EIGENCODER_THREADS decides and is not a whole number from 1 to `max_threads`
inline int threads() { return detail::thread_count(); }

/// Ends the threads that training and inference share and waits for them; the next call that needs some makes new ones.
/// (A `Stream` ends its own thread.) For a plugin before it is unloaded: a program that ends need not call it. Waits for
/// calls of the library in other threads; none may be under way in this one.
inline void release_threads() { detail::release_threads(); }

}  // namespace eigencoder
