#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <system_error>
#include <utility>

namespace examples {

namespace {

/// Empty, or what is wrong with the text that was given.
using Check = std::function<std::string(std::string& given)>;

/// A check of its own: CLI11 wraps -1 into a huge unsigned number, lets NaN pass and reads 010 as octal.
template <class Number>
Check at_least(Number lowest, const std::string& kind) {
  return [lowest, kind](std::string& given) {
    Number value{};
    const char* last = given.data() + given.size();
    const auto [end, error] = std::from_chars(given.data(), last, value);
    const bool fits = error == std::errc{} && end == last && value >= lowest &&
                      value <= (std::numeric_limits<Number>::max)();
    if (!fits) return "has to be " + kind + " from " + CLI::detail::to_string(lowest) + " on, not '" + given + "'";
    while (given.size() > 1 && given.starts_with('0') && given[1] != '.') given.erase(0, 1);
    return std::string{};
  };
}

std::string not_empty(const std::string& given) {
  return given.empty() ? std::string("has to be followed by a text") : std::string{};
}

/// Finds out before the training, not after it, whether results can be kept.
void open_results(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  const std::string probe = options.result(options.program + ".probe");
  const bool writable = static_cast<bool>(std::ofstream(probe));
  std::filesystem::remove(probe, error);
  if (!writable) throw UsageError("--out: cannot write into the folder '" + options.out + "'");
}

}  // namespace

struct CommandLine::Parser : CLI::App {
  using App::App;

  template <class Value>
  void add(const std::string& name, Value& value, const std::string& kind, const std::string& what, Check check) {
    CLI::Option* option = add_option(name, value, what);
    option->type_name(kind)->capture_default_str()->transform(CLI::Validator(std::move(check), ""));
  }

  template <class Integer>
  void whole(const std::string& name, Integer& value, int lowest, const std::string& what) {
    add(name, value, "N", what, at_least(static_cast<Integer>(lowest), "a whole number"));
  }

  void text(const std::string& name, std::string& value, const std::string& kind, const std::string& what) {
    add(name, value, kind, what, not_empty);
  }
};

CommandLine::CommandLine(Options& options)
    : options_(options), parser_(std::make_unique<Parser>(options.about, options.program)) {
  if (options.out.empty()) options.out = options.program + "_out";
  parser_->get_formatter()->column_width(20);
  text("--images", options.images, "DIR",
       "Folder of PNG and JPEG images; else $EIGENCODER_DATA/pokemon, else drawn creatures");
  whole("--epochs", options.epochs, 1, "Times through the training images");
  whole("--batch-size", options.batch_size, 1, "Images in a step");
  parser_->whole("--seed", options.seed, 0, "Seed of the split, the initial model and all draws");
  parser_->whole("--threads", options.threads, 0, "Threads, 0 for all; results are the same for any");
  number("--seconds", options.seconds, 0, "Seconds to train; 0 for no limit");
  text("--out", options.out, "DIR", "Folder of the results");
  flag("--quick", options.quick, "Few images and epochs, to see that all works");
}

CommandLine::~CommandLine() = default;

void CommandLine::whole(const std::string& name, eigencoder::Index& value, int lowest, const std::string& what) {
  parser_->whole(name, value, lowest, what);
}

void CommandLine::number(const std::string& name, double& value, int lowest, const std::string& what) {
  parser_->add(name, value, "X", what, at_least(static_cast<double>(lowest), "a number"));
}

void CommandLine::text(const std::string& name, std::string& value, const std::string& kind, const std::string& what) {
  parser_->text(name, value, kind, what);
}

void CommandLine::texts(const std::string& name, std::vector<std::string>& values, const std::string& kind,
                        const std::string& what) {
  CLI::Option* option = parser_->add_option(name, values, what);
  option->type_name(kind)->allow_extra_args(false)->transform(CLI::Validator(Check(not_empty), ""));
}

void CommandLine::choice(const std::string& name, std::string& value, const std::vector<std::string>& words,
                         const std::string& what) {
  std::string list = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) list += (i + 1 < words.size() ? ", " : " or ") + words[i];
  parser_->add(name, value, "WORD", what + ": " + list, [words, list](const std::string& given) {
    for (const std::string& word : words)
      if (given == word) return std::string{};
    return "has to be " + list + ", not '" + given + "'";
  });
}

void CommandLine::size(const std::string& name, ImageSize& value, const std::string& what) {
  const auto read = [&value, name](const std::string& given) {
    const char* const last = given.data() + given.size();
    const auto width = std::from_chars(given.data(), last, value.width);
    const bool crossed = width.ec == std::errc{} && width.ptr != last && *width.ptr == 'x';
    const auto height = std::from_chars(crossed ? width.ptr + 1 : last, last, value.height);
    const auto fits = [](eigencoder::Index side) { return side >= 8 && side <= 4096; };
    if (height.ec != std::errc{} || height.ptr != last || !fits(value.width) || !fits(value.height))
      throw CLI::ValidationError(
          name, "has to be width x height, from 8 pixels on, such as 68x56, not '" + given + "'");
  };
  parser_->add_option_function<std::string>(name, read, what)
      ->type_name("WxH")
      ->default_str(std::to_string(value.width) + "x" + std::to_string(value.height));
}

void CommandLine::flag(const std::string& name, bool& value, const std::string& what) {
  parser_->add_flag(name, value, what)->disable_flag_override();
}

void CommandLine::show_default(const std::string& name, const std::string& text) {
  parser_->get_option(name)->default_str(text);
}

void CommandLine::show_defaults(const Recipe& recipe) {
  show_default("--epochs", std::to_string(recipe.epochs));
  show_default("--batch-size", std::to_string(recipe.batch_size));
}

void CommandLine::explain(const std::string& name, const std::string& what) {
  parser_->get_option(name)->description(what);
}

void CommandLine::remove(const std::string& name) { parser_->remove_option(parser_->get_option(name)); }

bool CommandLine::given(const std::string& name) const { return parser_->count(name) > 0; }

bool CommandLine::read(int argc, const char* const* argv) {
  try {
    parser_->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << parser_->help();
    return false;
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what() + std::string(" (--help lists the options)"));
  }
  if (options_.quick && parser_->get_option_no_throw("--epochs") != nullptr && !given("--epochs"))
    options_.epochs = Options::quick_epochs;
  open_results(options_);
  return true;
}

}  // namespace examples
