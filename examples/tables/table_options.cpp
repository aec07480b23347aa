#include "table_options.hpp"

#include <common/options.hpp>

namespace examples {

void add_table_options(CommandLine& line, TableWords& words, eigencoder::Index& steps) {
  for (const char* name : {"--images", "--epochs", "--batch-size"}) line.remove(name);
  line.text("--separator", words.separator, "CHAR", "Between the fields of a line: a character, or 'tab'");
  line.text("--decimal", words.decimal, "CHAR", "Decimal point: . or ,");
  line.whole("--steps", steps, 1, "Steps of training of each autoencoder");
  line.show_default("--steps", "what the recipe finds best");
  line.explain("--quick", "Few steps, to see that all works");
}

char one_character(const std::string& option, const std::string& text) {
  if (text == "tab") return '\t';
  if (text.size() != 1) throw UsageError(option + ": has to be one character, not '" + text + "'");
  return text[0];
}

}  // namespace examples
