#pragma once

#include <cstddef>
#include <eigencoder/classification/class_evaluation.hpp>
#include <eigencoder/classification/classes.hpp>
#include <eigencoder/classification/refused_labels.hpp>
#include <eigencoder/detail/classification/classifier_parts.hpp>
#include <eigencoder/detail/classification/label_indices.hpp>
#include <eigencoder/detail/classification/logits.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/copy_layers.hpp>
#include <eigencoder/model/target.hpp>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

namespace eigencoder {

template <class EncoderType, class ClassesType, class... Policies>
class Classifier;

/// A classifier: an encoder, a dense layer with an output for each class, and the softmax. It is an `Autoencoder` whose
/// `Target` are classes and whose loss is `Categorical`, so that policies, training, files, checkpoints and the header
/// export are the same. `encode` returns the features, `activation` of the last layer the logits.
///
///     Classifier<Encoder<Input<784>, Dense<500>, Relu>, Classes<10>> classifier;
///     classifier.fit(images, labels, Adam{}, {.epochs = 20});
///     std::vector<Index> digits = classifier.predict(others);
///     double error = classifier.evaluate(others, their_labels).error();
///
/// By value, and from the encoder of a model that was trained without labels, its learned values included:
///
///     Classifier classifier{Encoder{Input{784}, Dense{500}, Relu{}}, Classes{10}, WeightDecay<>{}};
///     Classifier tuned{autoencoder, Classes{10}};                            // all layers learn on
///     Classifier linear{autoencoder, Classes{10}, Frozen<WholeEncoder>{}};   // only the last one learns
///
/// Policies of the autoencoder are not taken over. Labels are `ClassLabels`: whole numbers from 0, or names.
template <class EncoderType, Index Count, class... Policies>
class Classifier<EncoderType, Classes<Count>, Policies...>
    : public Autoencoder<EncoderType, Decoder<Dense<Count>>, Categorical, Target<Input<Count>>, Policies...>,
      public RefusedLabels<typename ScalarOf<Policies...>::type> {
  using Model = Autoencoder<EncoderType, Decoder<Dense<Count>>, Categorical, Target<Input<Count>>, Policies...>;
  using Refused = RefusedLabels<typename ScalarOf<Policies...>::type>;
  /// Whether the first of these is a model to begin from.
  template <class... Given>
  static constexpr bool begins_with_model = detail::begins_with_model<EncoderType, Given...>;

 public:
  using typename Model::Matrix;
  using typename Model::Options;
  using typename Model::Samples;
  using typename Model::Scalar;

  /// Builds the classifier from the values of its encoder, its classes and its policies, in any order, each at most
  /// once; the others have their default values.
  /// @throws OptionError for a value outside its range, CompositionError for sizes that do not fit
  template <class... Given>
    requires(!begins_with_model<Given...>)
  [[gnu::cold]] explicit Classifier(const Given&... given)
      : Model(build(detail::part_or_default<Classes<Count>>(given...), given...)),
        classes_(detail::part_or_default<Classes<Count>>(given...)) {
    (detail::require_part<Given, Model::legal && detail::given_twice<Given, Given...>, EncoderType, Classes<Count>,
                          Policies...>(), ...);
  }
  /// The same with the encoder of another model, which may be a classifier. The layer of the classes begins as that of a
  /// new classifier.
  template <class D, class L, class... P, class... Given>
  [[gnu::cold]] explicit Classifier(const Autoencoder<EncoderType, D, L, P...>& trained, const Given&... given)
      : Classifier(detail::encoder_of(trained), given...) {
    if constexpr (Model::legal && Autoencoder<EncoderType, D, L, P...>::legal)
      copy_layers(trained, *this, 0, static_cast<Index>(detail::PartTraits<EncoderType>::depth));
  }

  /// Trains on a label for each sample. Otherwise as `Autoencoder::fit`; for a validation set see `targets`.
  /// @throws DataError for a label that is no class, naming both; ShapeError for another number of labels
  template <ClassLabels Labels, Optimizer O>
  History fit(Samples samples, const Labels& labels, const O& optimizer, const Options& options = {}) {
    const Matrix indices = targets_of(labels, samples.cols(), "fit");
    return Model::fit(samples, Samples(indices), optimizer, options);
  }
  /// The same with labels in braces.
  template <class Label, Optimizer O>
  History fit(Samples samples, std::initializer_list<Label> labels, const O& optimizer, const Options& options = {}) {
    return fit(samples, std::span<const Label>(labels.begin(), labels.size()), optimizer, options);
  }
  /// Trains on targets as `targets` returns them, or on a distribution over the classes for each sample.
  template <Optimizer O>
  History fit(Samples samples, Samples targets, const O& optimizer, const Options& options = {}) {
    return Model::fit(samples, targets, optimizer, options);
  }
  /// Trains on samples with targets that are fetched batch by batch.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  History fit(Loader&& loader, const O& optimizer, const Options& options = {}) {
    return Model::fit(loader, optimizer, options);
  }
  using Refused::fit;

  /// The most probable class of each sample.
  /// @throws DataError for a logit that is not finite, naming sample and class
  [[gnu::cold]] std::vector<Index> predict(Samples samples) const {
    const Matrix logits = this->activation(samples, Model::layer_count() - 1);
    std::vector<Index> found;
    found.reserve(static_cast<std::size_t>(logits.cols()));
    for (Index j = 0; j < logits.cols(); ++j)
      found.push_back(detail::most_probable(logits.col(j).data(), logits.rows(), j, "predict"));
    return found;
  }
  /// The probability of each class: classes x samples.
  Matrix probabilities(Samples samples) const { return this->reconstruct(samples); }

  using Model::evaluate;
  using Refused::evaluate;
  /// Compares the most probable classes with the labels.
  /// @throws DataError, ShapeError as `fit`, DataError as `predict`
  template <ClassLabels Labels>
  [[gnu::cold]] ClassEvaluation evaluate(Samples samples, const Labels& labels) const {
    const std::vector<Index> indices = indices_of(labels, samples.cols(), "evaluate");
    const Matrix logits = this->activation(samples, Model::layer_count() - 1);
    return detail::evaluate_logits<Scalar>(logits, indices);
  }
  /// The same with labels in braces.
  template <class Label>
  [[gnu::cold]] auto evaluate(Samples samples, std::initializer_list<Label> labels) const {
    return evaluate(samples, std::span<const Label>(labels.begin(), labels.size()));
  }

  /// Labels as the targets of samples, 1 x samples, for `FitOptions::validation_targets`:
  ///
  ///     {.validation = others, .validation_targets = classifier.targets(their_labels)}
  ///
  /// @throws DataError for a label that is no class, naming both
  template <ClassLabels Labels>
  Matrix targets(const Labels& labels) const {
    return targets_of(labels, static_cast<Index>(labels.size()), "targets");
  }
  /// The same with labels in braces.
  template <class Label>
  Matrix targets(std::initializer_list<Label> labels) const {
    return targets(std::span<const Label>(labels.begin(), labels.size()));
  }
  using Refused::targets;

  /// The classes: their number, names and weights.
  const Classes<Count>& classes() const { return classes_; }

 private:
  template <class... Given>
  [[gnu::cold]] static Model build(const Classes<Count>& classes, const Given&... given) {
    classes.validate();
    return Model(detail::part_or_default<EncoderType>(given...), detail::logits_of(classes),
                 Categorical{classes.weights}, detail::target_of(classes),
                 detail::part_or_default<Policies>(given...)...);
  }

  template <class Labels>
  [[gnu::cold]] std::vector<Index> indices_of(const Labels& labels, Index samples, const char* where) const {
    detail::ModelAccess::state(*this);  // a classifier that was moved from has lost its names too
    return detail::label_indices(labels, samples, classes_.count, classes_.names, where);
  }
  template <class Labels>
  [[gnu::cold]] Matrix targets_of(const Labels& labels, Index samples, const char* where) const {
    const std::vector<Index> indices = indices_of(labels, samples, where);
    Matrix targets(1, samples);
    for (Index j = 0; j < samples; ++j) targets(0, j) = static_cast<Scalar>(indices[static_cast<std::size_t>(j)]);
    return targets;
  }

  Classes<Count> classes_;
};

template <class In, class... Layers, Index Count, class... P>
Classifier(const Encoder<In, Layers...>&, const Classes<Count>&, const P&...)
    -> Classifier<Encoder<In, Layers...>, Classes<Count>, P...>;
template <class E, class D, class L, class... Q, Index Count, class... P>
Classifier(const Autoencoder<E, D, L, Q...>&, const Classes<Count>&, const P&...)
    -> Classifier<E, Classes<Count>, P...>;

}  // namespace eigencoder
