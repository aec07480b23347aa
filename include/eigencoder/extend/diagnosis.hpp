#pragma once

#include <cstddef>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/text.hpp>
#include <string>
#include <utility>

/// @file
/// What can be wrong with a composition, and the sentence for it. The same `Diagnosis` feeds a
/// `static_assert` where sizes are template arguments and a `CompositionError` where they are values.
namespace eigencoder {

enum class Rule {
  none,
  parts,
  input_first,
  is_layer,
  constant_default,
  positive_size,
  layer_takes_input,
  link_reads_earlier,
  has_mirror,
  decoder_returns_input,
  loss_applies_link,
  is_policy,
  policy_acts,
  policy_once,
  policy_applies,
  policy_of_model,
  decodes_alone,
  has_prior
};

/// The rules in words. A `static_assert` repeats them literally (C++20 has no computed message).
constexpr std::string_view rule_text(Rule rule) {
  switch (rule) {
    case Rule::none: return "";
    case Rule::parts: return "an autoencoder is an Encoder, a Decoder and a loss, in this order";
    case Rule::input_first: return "an encoder begins with Input<N> or Image<H, W, C>";
    case Rule::is_layer: return "an encoder and a decoder are made of layers, at least one each";
    case Rule::constant_default: return "every part of a model has a constexpr default";
    case Rule::positive_size: return "a model is built from known, positive sizes";
    case Rule::layer_takes_input: return "a layer must be able to take what the one before it gives";
    case Rule::link_reads_earlier: return "a skip connection or an unpooling reads a layer before it";
    case Rule::has_mirror: return "Mirror stands first in a decoder and reflects the encoder's linear layers";
    case Rule::decoder_returns_input: return "the decoder must return the input's shape";
    case Rule::loss_applies_link: return "a loss on logits applies the sigmoid or softmax itself";
    case Rule::is_policy: return "only policies follow the loss";
    case Rule::policy_acts: return "a policy has the members of what it does";
    case Rule::policy_once: return "a policy stands at most once at a place";
    case Rule::policy_applies: return "a policy must suit the model";
    case Rule::policy_of_model: return "a model is built from values of its own encoder, decoder, loss and policies";
    case Rule::has_prior: return "a generative model has a prior over its codes and a likelihood for a loss";
    case Rule::decodes_alone: return "a decoder that reads layers of the encoder cannot decode a bare code";
  }
  return "";
}

/// What is wrong: the rule, who breaks it, and what it got and wanted.
struct Diagnosis {
  Rule rule = Rule::none;
  Text who = {};
  Text got = {};
  Text wanted = {};

  constexpr bool ok() const { return rule == Rule::none; }
  /// "Dense<100>: got 784, wanted 100"
  constexpr Text detail() const { return ok() ? Text() : Text::of(who, ": got ", got, ", wanted ", wanted); }
  [[gnu::cold]] std::string sentence() const {
    return detail::message({rule_text(rule), ". ", detail().view()});
  }
  /// Throws what the compiler would have said.
  [[gnu::cold]] void require_ok() const {
    if (!ok()) throw CompositionError(sentence());
  }
};

namespace detail {

/// A piece of a sentence as a template argument. clang prints such a string whole only if it is full and
/// has no more than 36 characters, so sentences are cut at blanks and padded.
struct Line {
  static constexpr std::size_t capacity = 36;
  char text[capacity + 1] = {};

  constexpr explicit Line(std::string_view words) {
    for (std::size_t i = 0; i < capacity; ++i) text[i] = i < words.size() ? words[i] : ' ';
  }
};

/// Line `wanted` of a sentence, cut at blanks (and inside words longer than a line).
constexpr std::string_view cut(std::string_view rest, std::size_t wanted) {
  for (std::size_t i = 0;; ++i) {
    std::size_t end = rest.size();
    if (end > Line::capacity) {
      end = rest.substr(0, Line::capacity + 1).rfind(' ');
      if (end == std::string_view::npos || end == 0) end = Line::capacity;
    }
    if (i == wanted || rest.empty()) return rest.substr(0, end);
    rest.remove_prefix(end);
    if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  }
}

constexpr std::size_t line_count(std::string_view text) {
  std::size_t n = 0;
  while (!cut(text, n).empty()) ++n;
  return n;
}

/// Compilers quote the arguments of this when an assertion on `satisfies` fails.
template <Rule Broken, Line... Sentence>
struct Stated {
  template <Rule Other>
  static constexpr bool satisfies = Broken != Other;
};

template <class Source, class Indices>
struct Spell;
template <class Source, std::size_t... K>
struct Spell<Source, std::index_sequence<K...>> {
  static constexpr Text text = Source::diagnosis.detail();
  using type = Stated<Source::diagnosis.rule, Line(cut(text.view(), K))...>;
};

/// `Source::diagnosis` spelled out as template arguments; nothing but a rule while all is well.
template <class Source>
using StatedBy =
    typename Spell<Source, std::make_index_sequence<line_count(Source::diagnosis.detail().view())>>::type;

}  // namespace detail
}  // namespace eigencoder
