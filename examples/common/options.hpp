#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/parallel.hpp>
#include <eigencoder/core/types.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace examples {

/// The options that all example programs share. A program sets its own defaults before it reads the
/// command line.
struct Options {
  std::string program;  ///< the name that messages and files begin with
  std::string about;    ///< what `--help` says it does
  eigencoder::Index epochs = 50;      ///< 0: what the program finds best
  eigencoder::Index batch_size = 32;  ///< the same
  std::uint64_t seed = 1;
  int threads = 0;     ///< 0: all there are
  double seconds = 0;  ///< of training; 0: no limit
  std::string images;  ///< a folder; empty: none was named
  std::string out;     ///< the folder of the results; empty: `<program>_out`
  bool quick = false;  ///< a run of seconds, to see that all works

  static constexpr eigencoder::Index quick_epochs = 2;

  /// The path of a result.
  std::string result(const std::string& name) const { return (std::filesystem::path(out) / name).string(); }
};

/// An option that cannot be used, or a folder that cannot be read: exit code 2.
struct UsageError : eigencoder::OptionError {
  using OptionError::OptionError;
};

/// Width and height of an image, as image programs write them: "68x56".
struct ImageSize {
  eigencoder::Index width;
  eigencoder::Index height;
};

/// Reads the shared options, and those a program adds, into variables.
class CommandLine {
 public:
  explicit CommandLine(Options& options) : options_(options), app_(options.about, options.program) {
    if (options.out.empty()) options.out = options.program + "_out";
    app_.get_formatter()->column_width(20);
    text("--images", options.images, "DIR", "Images; else $EIGENCODER_DATA/pokemon, else drawn creatures");
    whole("--epochs", options.epochs, 1, "Times through the training images");
    whole("--batch-size", options.batch_size, 1, "Images in a step");
    whole("--seed", options.seed, 0, "Seed of the split, the initial model and all draws");
    whole("--threads", options.threads, 0, "Threads, 0 for all; results are the same for any");
    number("--seconds", options.seconds, 0, "Time to train, checked after an epoch; 0 for no limit");
    text("--out", options.out, "DIR", "Folder of the results");
    flag("--quick", options.quick, "Few images and epochs, to see that all works");
  }

  /// An option that takes a whole number, at least `lowest`.
  template <class Integer>
  void whole(const std::string& name, Integer& value, int lowest, const std::string& what) {
    add(name, value, "N", what, at_least(static_cast<Integer>(lowest), "a whole number"));
  }

  /// An option that takes a finite number, at least `lowest`.
  void number(const std::string& name, double& value, int lowest, const std::string& what) {
    add(name, value, "X", what, at_least(static_cast<double>(lowest), "a number"));
  }

  /// An option that takes a text: a folder, a name.
  void text(const std::string& name, std::string& value, const std::string& kind, const std::string& what) {
    add(name, value, kind, what, [](const std::string& given) {
      return given.empty() ? std::string("has to be followed by a text") : std::string{};
    });
  }

  /// An option that takes one of some words.
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& words,
              const std::string& what) {
    std::string list = words.front();
    for (std::size_t i = 1; i < words.size(); ++i) list += (i + 1 < words.size() ? ", " : " or ") + words[i];
    add(name, value, "WORD", what, [words, list](const std::string& given) {
      for (const std::string& word : words)
        if (given == word) return std::string{};
      return "has to be " + list + ", not '" + given + "'";
    });
  }

  /// An option that takes the size of an image, "68x56".
  void size(const std::string& name, ImageSize& value, const std::string& what) {
    const auto read = [&value, name](const std::string& given) {
      const char* const last = given.data() + given.size();
      const auto width = std::from_chars(given.data(), last, value.width);
      const bool crossed = width.ec == std::errc{} && width.ptr != last && *width.ptr == 'x';
      const auto height = std::from_chars(crossed ? width.ptr + 1 : last, last, value.height);
      const auto fits = [](eigencoder::Index side) { return side >= 8 && side <= 4096; };
      if (height.ec != std::errc{} || height.ptr != last || !fits(value.width) || !fits(value.height))
        throw CLI::ValidationError(name, "has to be width x height, from 8 pixels on, such as 68x56, not '" + given + "'");
    };
    app_.add_option_function<std::string>(name, read, what)
        ->type_name("WxH")
        ->default_str(std::to_string(value.width) + "x" + std::to_string(value.height));
  }

  /// An option that stands alone.
  void flag(const std::string& name, bool& value, const std::string& what) {
    app_.add_flag(name, value, what)->disable_flag_override();
  }

  /// Says in the help what an option is by default, where that is not one number.
  void show_default(const std::string& name, const std::string& text) { app_.get_option(name)->default_str(text); }

  /// Says in the help what an option is for, where that is not as in the other programs.
  void explain(const std::string& name, const std::string& what) { app_.get_option(name)->description(what); }

  /// Reads the command line and makes ready the folder of the results. False: help was asked for and printed.
  /// @throws UsageError for an option that is not there, or that has no such value
  bool read(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      std::cout << app_.help();
      return false;
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what() + std::string(" (--help lists the options)"));
    }
    if (options_.quick && app_.count("--epochs") == 0) options_.epochs = Options::quick_epochs;
    open_results();
    return true;
  }

 private:
  using Check = std::function<std::string(std::string& given)>;

  template <class Value>
  void add(const std::string& name, Value& value, const std::string& kind, const std::string& what,
           Check check) {
    CLI::Option* option = app_.add_option(name, value, what);
    option->type_name(kind)->capture_default_str()->transform(CLI::Validator(std::move(check), ""));
  }

  /// A check of its own: CLI11 wraps -1 into a huge unsigned number, lets NaN pass and reads 010 as octal.
  template <class Number>
  static Check at_least(Number lowest, const std::string& kind) {
    return [lowest, kind](std::string& given) {
      Number value{};
      const char* last = given.data() + given.size();
      const auto [end, error] = std::from_chars(given.data(), last, value);
      const bool fits = error == std::errc{} && end == last && value >= lowest &&
                        value <= std::numeric_limits<Number>::max();
      if (!fits)
        return "has to be " + kind + " from " + CLI::detail::to_string(lowest) + " on, not '" + given + "'";
      while (given.size() > 1 && given.starts_with('0') && given[1] != '.') given.erase(0, 1);
      return std::string{};
    };
  }

  /// Finds out before the training, not after it, whether results can be kept.
  void open_results() const {
    std::error_code error;
    std::filesystem::create_directories(options_.out, error);
    const std::string probe = options_.result(options_.program + ".probe");
    const bool writable = static_cast<bool>(std::ofstream(probe));
    std::filesystem::remove(probe, error);
    if (!writable) throw UsageError("--out: cannot write into the folder '" + options_.out + "'");
  }

  Options& options_;
  CLI::App app_;
};

/// The frame of an example program: reads the options, runs, and turns what was thrown into one line on
/// the standard error output.
/// @param add_options called with the `CommandLine`, adds the program's own options
/// @param run called without arguments after the options are read
/// @return the exit code: 0, 2 for options and images that cannot be used, 1 for any other failure
template <class AddOptions, class Run>
int run_example(int argc, const char* const* argv, Options& options, AddOptions&& add_options, Run&& run) {
  const auto fail = [&](const std::exception& error, int code) {
    std::string line = options.program + ": " + error.what();
    for (char& c : line)
      if (c == '\n' || c == '\r') c = ' ';
    std::cout.flush();
    std::cerr << line << '\n';
    return code;
  };
  try {
    CommandLine line(options);
    add_options(line);
    if (line.read(argc, argv)) {
      eigencoder::set_threads(options.threads);
      run();
    }
    if (!std::cout.flush()) throw eigencoder::FileError("the standard output cannot be written");
    return 0;
  } catch (const eigencoder::OptionError& error) {
    return fail(error, 2);
  } catch (const std::exception& error) {
    return fail(error, 1);
  }
}

/// The same for a program without options of its own.
template <class Run>
int run_example(int argc, const char* const* argv, Options& options, Run&& run) {
  return run_example(
      argc, argv, options, [](CommandLine&) {}, run);
}

}  // namespace examples
