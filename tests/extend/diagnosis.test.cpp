#include <algorithm>
#include <eigencoder/eigencoder.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace eigencoder;

namespace {

constexpr Rule every_rule[] = {Rule::parts,
                               Rule::input_first,
                               Rule::is_layer,
                               Rule::constant_default,
                               Rule::positive_size,
                               Rule::layer_takes_input,
                               Rule::skip_reads_earlier,
                               Rule::has_mirror,
                               Rule::decoder_returns_input,
                               Rule::loss_applies_sigmoid,
                               Rule::is_policy,
                               Rule::policy_acts,
                               Rule::policy_once,
                               Rule::policy_applies,
                               Rule::policy_of_model,
                               Rule::decodes_alone,
                               Rule::has_prior,
                               Rule::is_resizable};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < detail::line_count(text); ++i) lines.emplace_back(detail::nth_line(text, i));
  return lines;
}

/// What the constructor throws for these parts.
template <class... Parts>
std::string thrown_for(const Parts&... parts) {
  try {
    const Autoencoder model{parts...};
  } catch (const CompositionError& error) {
    return error.what();
  }
  return "nothing";
}

/// What the compiler says of the types alone; sizes that are values are in braces: Dense{700} for Dense<700>.
template <class... Parts>
std::string said_of(std::string_view by_type, std::string_view by_value) {
  std::string sentence = detail::diagnose_types<Parts...>().sentence();
  if (const auto at = sentence.find(by_type); at != sentence.npos) sentence.replace(at, by_type.size(), by_value);
  return sentence;
}

}  // namespace

TEST_CASE("a sentence is cut into lines at its blanks, and nothing is lost") {
  constexpr std::size_t width = detail::Line::capacity;
  const std::string full(width, 'x');
  for (const std::string& text :
       {std::string("short"), full, full + " y", "y " + full, full.substr(1) + " and more",
        std::string("Mirrored(Dense<128>): got 784 values, expected 128 values, or an image")}) {
    std::string joined;
    for (const std::string& line : lines_of(text)) {
      CHECK(line.size() <= width);
      CHECK_FALSE(line.empty());
      joined += (joined.empty() ? "" : " ") + line;
    }
    CHECK(joined == text);
  }
}

TEST_CASE("a word longer than a line is cut, and nothing is lost") {
  const std::string word(2 * detail::Line::capacity + 5, 'x');
  std::string joined;
  for (const std::string& line : lines_of(word)) joined += line;
  CHECK(lines_of(word).size() == 3);
  CHECK(joined == word);
}

TEST_CASE("an empty sentence has no lines, and no line follows the last") {
  CHECK(detail::line_count("") == 0);
  CHECK(detail::nth_line("one line", 1).empty());
  CHECK(detail::nth_line("one line", 7).empty());
}

TEST_CASE("a line is full, so that compilers print all of it") {
  constexpr detail::Line line("words");
  CHECK(std::string(line.text) == "words" + std::string(detail::Line::capacity - 5, ' '));
}

TEST_CASE("every rule has words of its own") {
  for (const Rule rule : every_rule) {
    CHECK_FALSE(rule_text(rule).empty());
    CHECK(std::count_if(std::begin(every_rule), std::end(every_rule),
                        [&](Rule other) { return rule_text(other) == rule_text(rule); }) == 1);
  }
  CHECK(rule_text(Rule::none).empty());
}

TEST_CASE("a diagnosis throws its sentence: rule, who, got and expected") {
  const Diagnosis diagnosis{Rule::policy_once, "WeightDecay", "two of them", "one at most"};
  const std::string sentence = "eigencoder: at most one policy of each type per layer. "
                               "WeightDecay: got two of them, expected one at most";
  CHECK(diagnosis.sentence() == sentence);
  CHECK_THROWS_WITH(diagnosis.require_ok(), sentence);
  CHECK_NOTHROW(Diagnosis{}.require_ok());
  CHECK(Diagnosis{}.case_text().empty());
}

TEST_CASE("types are called by their names") {
  CHECK(detail::type_name<int>().view() == "int");
  CHECK(detail::type_name<Adam>().view() == "Adam");
  CHECK(detail::type_name<Encoder<Input<784>, Relu>>().view() == "Encoder<Input<784>, Relu>");
  CHECK(detail::part_name(Image<40, 40, 3>{}).view() == "Image<40, 40, 3>");
  CHECK(detail::part_name(Image{40, 40, 3}).view() == "Image{40, 40, 3}");
  CHECK(detail::part_name(Input<>{}).view() == "Input{Dynamic}");
}

TEST_CASE("sizes as values get the sentence that the compiler has for sizes as types") {
  const Index n = 784;
  CHECK(thrown_for(Encoder{Input{n}, Dense{32}, Relu{}}, Decoder{Dense{700}}, SquaredError{}) ==
        said_of<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Dense<700>>, SquaredError>("Dense<700>", "Dense{700}"));
  CHECK(thrown_for(Encoder{Input{n}, Dense<32>{}}, Decoder{Dense<700>{}}, SquaredError{}) ==
        said_of<Encoder<Input<784>, Dense<32>>, Decoder<Dense<700>>, SquaredError>("", ""));
  CHECK(thrown_for(Encoder{Image{40, 40, 3}, Dense{32}}, Decoder{Dense{1600}, Tanh{}}, SquaredError{}) ==
        said_of<Encoder<Image<40, 40, 3>, Dense<32>>, Decoder<Dense<1600>, Tanh>, SquaredError>("", ""));
  CHECK(thrown_for(Encoder{Input{n}, Dense{0}}, Mirror{}, SquaredError{}) ==
        said_of<Encoder<Input<784>, Dense<0>>, Decoder<Mirror>, SquaredError>("Dense<0>", "Dense{0}"));
  CHECK(
      thrown_for(Encoder{Input{n}, Dense{32}}, Decoder{Dense{-5}, Dense{n}}, SquaredError{}) ==
      said_of<Encoder<Input<784>, Dense<32>>, Decoder<Dense<-5>, Dense<784>>, SquaredError>("Dense<-5>", "Dense{-5}"));
  CHECK(thrown_for(Encoder{Image{0, 40, 3}, Dense{32}}, Mirror{}, SquaredError{}) ==
        said_of<Encoder<Image<0, 40, 3>, Dense<32>>, Decoder<Mirror>, SquaredError>("Image<0, 40, 3>",
                                                                                   "Image{0, 40, 3}"));
  CHECK(thrown_for(Encoder{Image{1, 1, n}, Dense{32}}, Mirror{}, SquaredError{}, Augmented{HorizontalFlip{}}) ==
        said_of<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, SquaredError, Augmented<HorizontalFlip>>("", ""));
}

TEST_CASE("legal compositions have no diagnosis") {
  CHECK(thrown_for(Encoder{Input{784}, Dense{32}, Relu{}}, Mirror{}, Bernoulli{}) == "nothing");
  STATIC_REQUIRE(detail::diagnose_types<Encoder<Input<>, Dense<>>, Decoder<Mirror>, SquaredError>().ok());
  STATIC_REQUIRE(detail::diagnose_types<Encoder<Input<784>, Dense<8>, Sigmoid>, Decoder<Mirror>, Bernoulli>().ok());
  STATIC_REQUIRE(detail::diagnose_types<Encoder<Input<784>, Dense<8>>, Decoder<Mirror>, SquaredError, WeightDecay<>,
                                        WeightDecay<AtLayer<0>>, WeightDecay<AtLayer<1>>>()
                     .ok());
}

TEST_CASE("the first of several faults is named") {
  constexpr auto found = detail::diagnose_types<Encoder<Input<784>, Dense<0>>, Decoder<Dense<700>, Sigmoid>, Bernoulli,
                                                WeightDecay<>, WeightDecay<>>();
  STATIC_REQUIRE(found.rule == Rule::positive_size);
  STATIC_REQUIRE(found.who.view() == "Dense<0>");
}
