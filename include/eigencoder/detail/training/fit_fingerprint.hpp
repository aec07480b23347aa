#pragma once

#include <cstdint>
#include <cstdio>
#include <eigencoder/extend/types.hpp>
#include <string>

namespace eigencoder::detail {

/// What decides the order of the samples in a call of `fit`, and what the call keeps. A call that continues a run from
/// a checkpoint must have the same fingerprint.
struct FitFingerprint {
  std::uint64_t seed = 0;
  Index samples = 0;
  Index batch_size = 0;
  Index shuffle_window = 0;
  double validation_split = 0;
  bool shuffle = true;
  bool has_targets = false;  ///< targets other than the inputs
  bool keeps_best = false;   ///< early stopping restores the best parameters

  /// The first difference, in words; empty where there is none.
  [[gnu::cold]] std::string difference(const FitFingerprint& other) const {
    const auto words = [](const char* what, const std::string& was, const std::string& is) {
      return std::string(what) + " was " + was + ", now it is " + is;
    };
    const auto number = [&](const char* what, auto was, auto is) {
      return words(what, std::to_string(was), std::to_string(is));
    };
    const auto flag = [&](const char* what, bool was, bool is) {
      return words(what, was ? "on" : "off", is ? "on" : "off");
    };
    const auto exact = [](double value) {
      char text[32];
      std::snprintf(text, sizeof text, "%.17g", value);
      return std::string(text);
    };
    if (seed != other.seed) return number("seed", seed, other.seed);
    if (samples != other.samples) return number("the number of samples", samples, other.samples);
    if (batch_size != other.batch_size) return number("batch_size", batch_size, other.batch_size);
    if (shuffle_window != other.shuffle_window)
      return number("the window of the stream", shuffle_window, other.shuffle_window);
    if (validation_split != other.validation_split)
      return words("validation_split", exact(validation_split), exact(other.validation_split));
    if (shuffle != other.shuffle) return flag("shuffle", shuffle, other.shuffle);
    if (has_targets != other.has_targets) return flag("training with targets", has_targets, other.has_targets);
    if (keeps_best != other.keeps_best)
      return flag("early stopping that restores the best weights", keeps_best, other.keeps_best);
    return "";
  }
};

}  // namespace eigencoder::detail
