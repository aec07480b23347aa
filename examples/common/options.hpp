#pragma once

#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>

namespace examples {

/// The options that all example programs share. A program sets its own defaults before it reads the
/// command line.
struct Options {
  std::string program;  ///< the name that messages and files begin with
  std::string about;    ///< what `--help` says it does
  eigencoder::Index epochs = 50;      ///< 0: what the program finds best
  eigencoder::Index batch_size = 32;  ///< the same
  std::uint64_t seed = 1;
  int threads = 0;          ///< 0: all there are
  double seconds = 0;       ///< of training; 0: no limit
  std::string images = {};  ///< a folder; empty: none was named
  std::string out = {};     ///< the folder of the results; empty: `<program>_out`
  bool quick = false;       ///< a run of seconds, to see that all works

  static constexpr eigencoder::Index quick_epochs = 2;

  /// The path of a result.
  std::string result(const std::string& name) const;
};

/// A message in one line, whatever the names of files in it, and without the library's name in front.
std::string one_line(std::string message);

/// For models that normalize over a batch. @throws UsageError where `--batch-size` is 1
void require_batches_of_two(const Options& options);

/// An option that cannot be used, or a folder that cannot be read: exit code 2.
struct UsageError : eigencoder::OptionError {
  using OptionError::OptionError;
};

}  // namespace examples
