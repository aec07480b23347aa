#pragma once

#include <common/command_line.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>

namespace examples {

constexpr eigencoder::Index quick_steps = 150;  ///< of training, with --quick

/// The words of the command line for what separates fields, and for the decimal point.
struct TableWords {
  std::string separator = ",", decimal = ".";
};

/// Adds --separator, --decimal and --steps, and takes away the shared options that are for images.
void add_table_options(CommandLine& line, TableWords& words, eigencoder::Index& steps);

/// The character that an option names. @throws UsageError for more than one
char one_character(const std::string& option, const std::string& text);

}  // namespace examples
