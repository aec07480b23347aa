#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/text.hpp>
#include <string>
#include <string_view>

/// @file
/// What can be wrong with the composition of a model, and the sentence for it. The same `Diagnosis` becomes a
/// `static_assert` where sizes are template arguments and a `CompositionError` where they are values.
namespace eigencoder {

/// The rules of composition; `rule_text` states each.
enum class Rule {
  none,                   ///< no rule is broken
  parts,                  ///< the parts of an autoencoder and their order
  input_first,            ///< what an encoder begins with
  is_layer,               ///< what encoders and decoders are made of
  constant_default,       ///< every part can be a constant
  positive_size,          ///< sizes are known and positive
  layer_takes_input,      ///< a layer's input is the output of the layer before it
  skip_reads_earlier,     ///< skip layers read earlier layers
  has_mirror,             ///< where `Mirror` stands, and what it reflects
  decoder_returns_input,  ///< the shape of the decoder's output
  decoder_returns_target, ///< the shape of the decoder's output under a policy that sets a target
  loss_applies_sigmoid,   ///< no sigmoid or softmax before a loss on logits
  is_policy,              ///< what may follow the loss
  policy_acts,            ///< a policy has an effect
  policy_once,            ///< at most one policy of each type per layer
  policy_applies,         ///< a policy suits the model
  policy_of_model,        ///< the arguments of a model's constructor
  decodes_alone,          ///< which decoders can decode without an encoder
  has_prior,              ///< which models can generate
  is_resizable,           ///< which models serve images of other sizes
  is_pretrainable,        ///< which models can be trained layer by layer
  is_stack_of_rbms        ///< which of these can be trained as machines
};

/// A rule in words. Each `static_assert` repeats its rule literally, as C++20 has no computed messages.
constexpr std::string_view rule_text(Rule rule) {
  switch (rule) {
    case Rule::none: return "";
    case Rule::parts: return "an autoencoder is an Encoder, a Decoder and a loss, in this order";
    case Rule::input_first: return "an encoder begins with Input<N> or Image<H, W, C>";
    case Rule::is_layer: return "an encoder and a decoder are made of layers, at least one each";
    case Rule::constant_default: return "every part of a model has a constexpr default";
    case Rule::positive_size: return "a model is built from known, positive sizes";
    case Rule::layer_takes_input: return "a layer must be able to take what the one before it gives";
    case Rule::skip_reads_earlier: return "a skip connection or an unpooling reads a layer before it";
    case Rule::has_mirror: return "Mirror stands first in a decoder and reflects the encoder's linear layers";
    case Rule::decoder_returns_input: return "the decoder must return the input's shape";
    case Rule::decoder_returns_target: return "the decoder must return the target's shape";
    case Rule::loss_applies_sigmoid: return "a loss on logits applies the sigmoid or softmax itself";
    case Rule::is_policy: return "only policies follow the loss";
    case Rule::policy_acts: return "a policy must have at least one effect";
    case Rule::policy_once: return "at most one policy of each type per layer";
    case Rule::policy_applies: return "a policy must suit the model";
    case Rule::policy_of_model: return "a model is built from values of its own encoder, decoder, loss and policies";
    case Rule::has_prior: return "a generative model has a prior over its codes and a likelihood for a loss";
    case Rule::is_resizable:
      return "a model of images can be resized if no type and no learned value depends on their size";
    case Rule::is_pretrainable:
      return "a model is pretrained layer by layer if its decoder undoes each layer of the encoder";
    case Rule::is_stack_of_rbms:
      return "a stack of Rbms makes dense layers with biases, each followed by Sigmoid, Relu or nothing";
    case Rule::decodes_alone: return "a decoder that reads layers of the encoder cannot decode a bare code";
  }
  return "";
}

/// What is wrong with a model, if anything.
struct Diagnosis {
  Rule rule = Rule::none;  ///< the rule that is broken
  Text who = {};           ///< the part that breaks it
  Text got = {};           ///< what the part got
  Text expected = {};      ///< what it takes

  /// Whether nothing is wrong.
  constexpr bool ok() const { return rule == Rule::none; }
  /// The case in words: "Dense<100>: got 784, expected 100".
  constexpr Text case_text() const { return ok() ? Text() : Text::of(who, ": got ", got, ", expected ", expected); }
  /// The rule and the case, as an exception states them.
  [[gnu::cold]] std::string sentence() const {
    return detail::message({rule_text(rule), ". ", case_text().view()});
  }
  /// @throws CompositionError with the sentence, unless nothing is wrong.
  [[gnu::cold]] void require_ok() const {
    if (!ok()) throw CompositionError(sentence());
  }
};

}  // namespace eigencoder
