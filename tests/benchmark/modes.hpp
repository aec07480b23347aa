#pragma once

#include "json.hpp"
#include "options.hpp"

namespace benchmark {

/// @{ Each measures one thing, prints a table and returns the same for machines.
Json run_speed(const Options& options);
Json run_scaling(const Options& options);
Json run_latency(const Options& options);
Json run_memory(const Options& options);
Json run_busy(const Options& options);
Json run_frozen(const Options& options);
/// @}

}  // namespace benchmark
