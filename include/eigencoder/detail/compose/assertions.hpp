#pragma once

#include <cstddef>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/loss.hpp>
#include <string_view>
#include <utility>

/// @file
/// A `Diagnosis` as template arguments, which compilers quote when an assertion fails; the assertions that every
/// model is legal; and what only some legal models can do. Each of these abilities has the `diagnosis` of models that
/// lack it; illegal models, whose error is another, have all of them.
namespace eigencoder::detail {

/// A line of a sentence as a template argument. clang prints such a string whole only if it is full and has no more
/// than 36 characters, so sentences are divided at blanks and padded.
struct Line {
  static constexpr std::size_t capacity = 36;
  char text[capacity + 1] = {};

  constexpr explicit Line(std::string_view words) {
    for (std::size_t i = 0; i < capacity; ++i) text[i] = i < words.size() ? words[i] : ' ';
  }
};

/// Line `number` of a sentence, counted from 0, which is divided at blanks, and inside words longer than a line; empty
/// after the last line.
constexpr std::string_view nth_line(std::string_view rest, std::size_t number) {
  for (std::size_t i = 0;; ++i) {
    std::size_t end = rest.size();
    if (end > Line::capacity) {
      end = rest.substr(0, Line::capacity + 1).rfind(' ');
      if (end == std::string_view::npos || end == 0) end = Line::capacity;
    }
    if (i == number || rest.empty()) return rest.substr(0, end);
    rest.remove_prefix(end);
    if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  }
}

/// The number of lines of a sentence.
constexpr std::size_t line_count(std::string_view text) {
  std::size_t n = 0;
  while (!nth_line(text, n).empty()) ++n;
  return n;
}

/// A broken rule and its sentence: compilers quote both when an assertion on `satisfies` fails.
template <Rule Broken, Line... Sentence>
struct Stated {
  template <Rule Other>
  static constexpr bool satisfies = Broken != Other;
};

/// Makes the `Stated` of `Source::diagnosis`.
template <class Source, class Indices>
struct StateLines;
template <class Source, std::size_t... K>
struct StateLines<Source, std::index_sequence<K...>> {
  static constexpr Text text = Source::diagnosis.case_text();
  using type = Stated<Source::diagnosis.rule, Line(nth_line(text.view(), K))...>;
};

/// `Source::diagnosis` as a `Stated`, without lines if nothing is wrong.
template <class Source>
using StatedBy =
    typename StateLines<Source, std::make_index_sequence<line_count(Source::diagnosis.case_text().view())>>::type;

/// Does not compile if `Model::diagnosis` names a broken rule; the one error states it. The texts are those of
/// `rule_text`, since a `static_assert` of C++20 takes only literals.
template <class Model>
struct LegalComposition {
  using Stated = StatedBy<Model>;
  static_assert(Stated::template satisfies<Rule::parts>,
                "eigencoder: an autoencoder is an Encoder, a Decoder and a loss, in this order");
  static_assert(Stated::template satisfies<Rule::input_first>,
                "eigencoder: an encoder begins with Input<N> or Image<H, W, C>");
  static_assert(Stated::template satisfies<Rule::is_layer>,
                "eigencoder: an encoder and a decoder are made of layers, at least one each");
  static_assert(Stated::template satisfies<Rule::constant_default>,
                "eigencoder: every part of a model has a constexpr default");
  static_assert(Stated::template satisfies<Rule::positive_size>,
                "eigencoder: a model is built from known, positive sizes");
  static_assert(Stated::template satisfies<Rule::layer_takes_input>,
                "eigencoder: a layer must be able to take what the one before it gives");
  static_assert(Stated::template satisfies<Rule::skip_reads_earlier>,
                "eigencoder: a skip connection or an unpooling reads a layer before it");
  static_assert(Stated::template satisfies<Rule::has_mirror>,
                "eigencoder: Mirror stands first in a decoder and reflects the encoder's linear layers");
  static_assert(Stated::template satisfies<Rule::decoder_returns_input>,
                "eigencoder: the decoder must return the input's shape");
  static_assert(Stated::template satisfies<Rule::decoder_returns_target>,
                "eigencoder: the decoder must return the target's shape");
  static_assert(Stated::template satisfies<Rule::loss_applies_sigmoid>,
                "eigencoder: a loss on logits applies the sigmoid or softmax itself");
  static_assert(Stated::template satisfies<Rule::is_policy>, "eigencoder: only policies follow the loss");
  static_assert(Stated::template satisfies<Rule::policy_acts>,
                "eigencoder: a policy must have at least one effect");
  static_assert(Stated::template satisfies<Rule::policy_once>,
                "eigencoder: at most one policy of each type per layer");
  static_assert(Stated::template satisfies<Rule::policy_applies>, "eigencoder: a policy must suit the model");

  static constexpr bool value = true;
};

/// Decoding bare codes: no layer of the decoder reads the encoder.
template <bool Legal, class Stack>
struct DecodesCodes {
  static constexpr Diagnosis diagnosis = [] {
    if constexpr (Legal) {
      constexpr std::size_t layer = Stack::StackTraits::first_skip_across_code();
      if constexpr (layer < Stack::size)
        return Diagnosis{Rule::decodes_alone, part_name(typename Stack::template LayerAt<layer>{}), "a bare code",
                         "a whole sample (call reconstruct)"};
    }
    return Diagnosis{};
  }();
};

/// Drawing codes: a policy gives them a prior.
template <bool Legal, class... Policies>
struct HasPrior {
  template <class P>
  static constexpr bool gives_prior = requires { requires P::has_prior; };

  static constexpr Diagnosis diagnosis =
      !Legal || (gives_prior<Policies> || ...)
          ? Diagnosis{}
          : Diagnosis{Rule::has_prior, "this model", "no prior", "Variational<> or ImportanceWeighted"};
};

/// Estimating the likelihood of samples: the codes have a prior, and the loss is a negative log likelihood.
template <bool Legal, class LossType, class... Policies>
struct HasLikelihood {
  static constexpr Diagnosis diagnosis = [] {
    constexpr Diagnosis prior = HasPrior<Legal, Policies...>::diagnosis;
    if constexpr (Legal && prior.ok() && !Likelihood<LossType>)
      return Diagnosis{Rule::has_prior, part_name(LossType{}), "no likelihood", "Bernoulli, Categorical or Gaussian"};
    else
      return prior;
  }();
};

}  // namespace eigencoder::detail
