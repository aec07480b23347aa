#pragma once

#include <eigencoder/extend/types.hpp>
#include <memory>
#include <string>
#include <vector>
#include "options.hpp"
#include "recipe.hpp"

namespace examples {

/// Width and height of an image, as image programs write them: "68x56".
struct ImageSize {
  eigencoder::Index width = 40;
  eigencoder::Index height = 40;
};

/// Reads the shared options, and those a program adds, into variables. Both have to outlive it.
class CommandLine {
 public:
  explicit CommandLine(Options& options);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  /// An option that takes a whole number, at least `lowest`.
  void whole(const std::string& name, eigencoder::Index& value, int lowest, const std::string& what);

  /// An option that takes a finite number, at least `lowest`.
  void number(const std::string& name, double& value, int lowest, const std::string& what);

  /// An option that takes a text, which is not empty. `kind` is what the help calls it.
  void text(const std::string& name, std::string& value, const std::string& kind, const std::string& what);

  /// The same of an option that may be given several times.
  void texts(const std::string& name, std::vector<std::string>& values, const std::string& kind,
             const std::string& what);

  /// An option that takes one of some words.
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& words,
              const std::string& what);

  /// An option that takes the size of an image, "68x56".
  void size(const std::string& name, ImageSize& value, const std::string& what);

  /// An option without a value.
  void flag(const std::string& name, bool& value, const std::string& what);

  /// Says in the help what an option is by default, where that is not one number.
  void show_default(const std::string& name, const std::string& text);

  /// Says in the help how long and in what steps a program trains by default, where that is always the same.
  void show_defaults(const Recipe& recipe);

  /// Says in the help what an option is for, where that is not as in the other programs.
  void explain(const std::string& name, const std::string& what);

  /// Takes back a shared option that has no meaning in a program.
  void remove(const std::string& name);

  /// Whether an option was given; after `read`.
  bool given(const std::string& name) const;

  /// Reads the command line and makes ready the folder of the results. False: help was asked for and printed.
  /// @throws UsageError for an option that is not there, or that has no such value
  bool read(int argc, const char* const* argv);

 private:
  struct Parser;  // CLI11, which only one file compiles
  Options& options_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace examples
