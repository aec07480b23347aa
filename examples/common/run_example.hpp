#pragma once

#include <functional>
#include <string>
#include "command_line.hpp"
#include "options.hpp"

namespace examples {

/// The frame of an example program: reads the options, runs, and turns what was thrown into one line on
/// the standard error output.
/// @param add_options adds the program's own options
/// @param run called after the options are read
/// The standard output is flushed at each end of a line.
/// @return the exit code: 0, 2 for options and images that cannot be used, 1 for any other failure
int run_example(int argc, const char* const* argv, Options& options,
                const std::function<void(CommandLine&)>& add_options, const std::function<void()>& run);

/// What a program is called, and what it does, as `--help` says it.
struct Program {
  std::string name;
  std::string about;
};

/// The same for a program that finds out itself how long to train, in batches of which size.
int run_example(int argc, const char* const* argv, const Program& program,
                const std::function<void(CommandLine&)>& add_options,
                const std::function<void(const Options&)>& run);

}  // namespace examples
