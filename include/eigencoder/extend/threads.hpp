#pragma once

#include <eigencoder/detail/platform/threads.hpp>

namespace eigencoder {

/// Sets how many threads training and inference use from now on; 0, the default, is as many as OpenMP offers. Results
/// do not depend on it, bit for bit. Without OpenMP everything runs on one thread.
inline void set_threads(int threads) { detail::thread_setting = threads > 0 ? threads : 0; }

/// The number of threads in force.
inline int threads() { return detail::thread_count(); }

}  // namespace eigencoder
