#pragma once

#include <cstdint>
#include <eigencoder/classification/classifier.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>

/// @file
/// What the variants of a study of features share: the network, the labels that it learns from, and its two ways to
/// learn from them.
namespace examples {

/// Two hidden layers for digits. Without labels nothing is dropped, with labels a part of the pixels and of each layer.
using DigitEncoder = eigencoder::Encoder<eigencoder::Input<784>, eigencoder::Dropout, eigencoder::Dense<>,
                                         eigencoder::Relu, eigencoder::Dropout, eigencoder::Dense<>, eigencoder::Relu,
                                         eigencoder::Dropout>;
using DigitClassifier = eigencoder::Classifier<DigitEncoder, eigencoder::Classes<10>>;

/// The layers of the encoder, counted from its first.
inline constexpr eigencoder::Index digit_layers = 7;

/// The encoder with layers of this width.
DigitEncoder digit_encoder(eigencoder::Index width, double pixel_dropout = 0, double dropout = 0);

/// How many steps a classifier learns for, in batches of 100.
struct Steps {
  eigencoder::Index linear = 6000;
  eigencoder::Index tuned = 20000;
  eigencoder::Index few_labels = 2000;  ///< instead of `tuned`, where there are fewer than 10,000 labels
  eigencoder::Index self_taught = 5000;  ///< on labels of its own
};

/// As many digits of each class as there are, up to `count` in all, the same for the same seed; 0: all of them.
eigencoder::Dataset<float> take_labeled(const eigencoder::Dataset<float>& digits, eigencoder::Index count,
                                        std::uint64_t seed);

/// The percentage of held-out samples that a linear classifier errs on, which learns from codes and their labels.
/// Values of a code that are larger than others are scaled down first.
double linear_error_percent(const eigencoder::Dataset<float>& codes, const eigencoder::Dataset<float>& held_out,
                            const Steps& steps, std::uint64_t seed);

/// Trains the whole classifier, its encoder included.
void fine_tune(DigitClassifier& classifier, const eigencoder::Dataset<float>& labeled, const Steps& steps,
               std::uint64_t seed);

/// The digits whose class a classifier is sure of (a probability above 0.95), with the labels that it gives them, and
/// those with labels, as often as makes them about a tenth of all.
/// Source: Lee, "Pseudo-label: the simple and efficient semi-supervised learning method" (2013).
eigencoder::Dataset<float> label_sure_ones(const DigitClassifier& classifier,
                                           const eigencoder::Dataset<float>& labeled,
                                           const eigencoder::Dataset<float>& unlabeled);

/// Trains the whole classifier on such digits.
void learn_from_own_labels(DigitClassifier& classifier, const eigencoder::Dataset<float>& digits, const Steps& steps,
                           std::uint64_t seed);

/// The percentage of digits that a classifier errs on.
double error_percent(const DigitClassifier& classifier, const eigencoder::Dataset<float>& digits);

}  // namespace examples
