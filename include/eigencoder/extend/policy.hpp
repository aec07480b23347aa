#pragma once

#include <concepts>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string>
#include <string_view>
#include <type_traits>

/// @file
/// What policies have in common: the layer that they concern, the scalar that one of them sets, and the terms that they
/// add to reports.
namespace eigencoder {

/// One layer of a model, for policies and skip layers: `AtLayer<2>` is the third, counted from the encoder's first.
template <Index Layer>
struct AtLayer {
  /// The layer's position, counted from 0.
  static constexpr Index at_layer = [] {
    static_assert(Layer >= 0, "eigencoder: AtLayer<Layer> counts layers from 0, the encoder's first");
    return Layer;
  }();
};

/// All layers, or for a policy that belongs to one layer by its nature, that layer.
struct AllLayers {
  static constexpr Index at_layer = -1;  ///< no layer in particular
};

/// A policy changes how a model learns: it stands in the list of an `Autoencoder` after the loss.
///
/// Required:
///
/// - `kind`: what it is called in messages and reports
/// - `at_layer`: the position of the layer that it concerns; -1 for `AllLayers`. A model has one policy at most of each
///   kind and layer.
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
/// - the members of at least one concept that refines this one, such as `Decays`, `PenalizesActivations`, `Corrupts`,
///   `Augments`, `SetsTarget`, `Freezes` or `Bottleneck`, which are what it does
///
/// Optional:
///
/// - `constexpr Diagnosis diagnose(Shape input) const`: why it does not suit inputs of a shape; sizes may be `Dynamic`
template <class P>
concept Policy = std::default_initializable<P> && std::copyable<P> && requires(const P& policy) {
  { P::kind } -> std::convertible_to<std::string_view>;
  { P::at_layer } -> std::convertible_to<Index>;
  policy.validate();
};

/// The policy that sets the scalar of a model's parameters and data; without it they are `float`.
template <std::floating_point S>
struct Precision {
  using Scalar = S;  ///< the scalar
  /// As every `Policy`.
  ///@{
  static constexpr std::string_view kind = "Precision";
  static constexpr Index at_layer = -1;
  void validate() const {}
  ///@}
};

/// The scalar of a model with these policies.
template <class... Policies>
struct ScalarOf {
  using type = float;  ///< the scalar
};
/// The scalar of a model with a `Precision`.
template <class S, class... Rest>
struct ScalarOf<Precision<S>, Rest...> {
  using type = S;  ///< the scalar
};
/// The scalar of a model whose `Precision`, if any, is in the rest of the list.
template <class First, class... Rest>
struct ScalarOf<First, Rest...> : ScalarOf<Rest...> {};

/// A policy that gives a model's output another shape than the input's, such as `Target`. A model has one at most.
///
/// - `target_shape()`: the shape of a target; sizes may be `Dynamic`
template <class P>
concept SetsTarget = Policy<P> && requires(const P& policy) {
  { policy.target_shape() } -> std::same_as<Shape>;
};

/// A policy that keeps the parameters and running statistics of some layers as they are, such as `Frozen`.
///
/// - `freezes(layer, encoder_depth)`: whether it freezes the layer at a position, in a model whose encoder has
///   `encoder_depth` layers. The bottleneck belongs to the encoder's last layer.
///
/// Optional:
///
/// - `validate_layers(count)`: throws `OptionError` where a model of so many layers does not suit it
template <class P>
concept Freezes = Policy<P> && requires(const P& policy, Index n) {
  { policy.freezes(n, n) } -> std::same_as<bool>;
};

/// The shape of a model's output: that of a policy that `SetsTarget`, else the input's.
template <class... Policies>
constexpr Shape target_shape(Shape input, const Policies&... policies) {
  Shape shape = input;
  [[maybe_unused]] const auto take = [&]([[maybe_unused]] const auto& policy) {
    if constexpr (SetsTarget<std::remove_cvref_t<decltype(policy)>>) shape = policy.target_shape();
  };
  (take(policies), ...);
  return shape;
}

/// The name of a policy's term in reports: "L1", or "L1 at 2" for one at a layer.
template <class Place>
constexpr Text term_name(std::string_view name) {
  return Place::at_layer < 0 ? Text(name) : Text::of(name, " at ", static_cast<long long>(Place::at_layer));
}

/// How a term appears in reports.
struct TermName {
  std::string_view name;      ///< what it is called
  bool in_objective = true;   ///< a part of the objective, not only a measurement
  bool in_evaluation = true;  ///< reported of evaluations too
};

/// A named value of a report: a part of the objective besides the loss, such as a penalty, or a measurement, such as
/// the number of dead units, or a part of the loss.
struct Term {
  std::string name;          ///< what it is called
  double value;              ///< its value, a mean over samples
  bool in_objective = true;  ///< a part of the objective, not only a measurement
  bool at_end = false;       ///< computed from the weights at the epoch's end, not averaged over its steps
};

}  // namespace eigencoder
