#pragma once

#include <eigencoder/detail/compose/stated_diagnosis.hpp>
#include <eigencoder/extend/diagnosis.hpp>

namespace eigencoder::detail {

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

}  // namespace eigencoder::detail
