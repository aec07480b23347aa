#pragma once

#include <concepts>
#include <eigencoder/detail/compose/construction.hpp>
#include <eigencoder/detail/pretraining/rbm_network.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <string_view>
#include <type_traits>

/// @file
/// Which units and policies make an `Rbm`. A machine that breaks a rule has the network of a legal one, so that the
/// compiler reports the rule and nothing else.
namespace eigencoder::detail {

/// Whether a type is a kind of units.
template <class U>
concept RbmUnits = requires(const U& units) {
  { units.size } -> std::convertible_to<Index>;
  { U::can_be_visible } -> std::convertible_to<bool>;
};

/// Whether an `Rbm` takes a policy.
template <class P>
inline constexpr bool is_rbm_policy = (RunsChains<P> || Decays<P> || PenalizesActivations<P> ||
                                       requires { typename P::Scalar; }) && Policy<P> && P::at_layer <= 0;

/// Whether a policy penalizes how many units fire, which has no derivative by the means of units.
template <class P>
inline constexpr bool counts_firing = requires { requires P::penalizes_firing; };

/// Whether a type is one of a list.
template <class T, class... List>
inline constexpr bool is_one_of = (std::same_as<T, List> || ...);

/// Whether the sum over the states of units is known in closed form.
template <class U>
inline constexpr bool has_log_normalizer = requires(const U& units, const double* values) {
  units.log_normalizer(values, values, values);
};

/// The rules, each true where it is kept.
template <class Visible, class Hidden, class... Policies>
struct RbmRules {
  /// Whether an `Rbm`, which is one layer, has both policies for one purpose.
  template <class P, class Q>
  static constexpr bool alike = [] {
    if constexpr (Policy<P> && Policy<Q>) return std::string_view(P::kind) == std::string_view(Q::kind);
    else return std::same_as<P, Q>;
  }();
  template <class P>
  static constexpr int count_alike = (0 + ... + static_cast<int>(alike<P, Policies>));
  template <class P>
  static constexpr bool suits_units() {
    if constexpr (PenalizesActivations<P> && requires(const P& policy, const Hidden& hidden) {
                    { policy.diagnose_layer(hidden) } -> std::same_as<Diagnosis>;
                  })
      return P{}.diagnose_layer(Hidden{}).ok();
    else
      return true;
  }

  static constexpr bool units = RbmUnits<Visible> && RbmUnits<Hidden>;
  static constexpr bool visible_units = [] {
    if constexpr (RbmUnits<Visible>) return bool{Visible::can_be_visible};
    else return true;
  }();
  static constexpr bool penalizes_means = !(counts_firing<Policies> || ...);
  static constexpr bool policies = ((is_rbm_policy<Policies> || counts_firing<Policies>) && ...);
  static constexpr bool policies_once = ((count_alike<Policies> == 1) && ...);
  static constexpr bool one_estimate = (0 + ... + static_cast<int>(RunsChains<Policies>)) <= 1;
  static constexpr bool penalties = [] {
    if constexpr (units && policies && penalizes_means) return (suits_units<Policies>() && ...);
    else return true;
  }();
  static constexpr bool legal =
      units && visible_units && policies && penalizes_means && policies_once && one_estimate && penalties;
};

/// Does not compile if one of the `Rules` is broken; the one error states it.
template <class Rules>
struct LegalRbm {
  static_assert(Rules::units, "eigencoder: an Rbm is made of units: BernoulliUnits, GaussianUnits or RectifiedUnits");
  static_assert(Rules::visible_units,
                "eigencoder: RectifiedUnits are hidden units: the visible ones are BernoulliUnits or GaussianUnits");
  static_assert(Rules::policies,
                "eigencoder: the policies of an Rbm are ContrastiveDivergence, PersistentContrastiveDivergence, "
                "WeightDecay, Sparse and Precision");
  static_assert(Rules::penalizes_means,
                "eigencoder: no unit of an Rbm has a threshold to learn: Sparse takes a penalty on activations here, "
                "not L0");
  static_assert(Rules::policies_once,
                "eigencoder: an Rbm has at most one policy of each kind: it is one layer, with or without AtLayer<0>");
  static_assert(Rules::one_estimate,
                "eigencoder: an Rbm has one estimate of its gradient: ContrastiveDivergence or "
                "PersistentContrastiveDivergence");
  static_assert(Rules::penalties,
                "eigencoder: the penalty does not suit the hidden units of this Rbm: KlSparsity wants BernoulliUnits");

  static constexpr bool value = true;
};

/// The network of a machine.
template <bool Legal, class Scalar, class Visible, class Hidden, class... Policies>
struct RbmNetworkOf {
  using type = RbmNetwork<Scalar, Visible, Hidden, Policies...>;
};
template <class Scalar, class Visible, class Hidden, class... Policies>
struct RbmNetworkOf<false, Scalar, Visible, Hidden, Policies...> {
  using type = RbmNetwork<Scalar, BernoulliUnits, BernoulliUnits>;
};

/// Builds the network from the units and the values of some policies; the others have their default values.
template <class Network, bool Legal, class... Policies, class Visible, class Hidden, class... Given>
[[gnu::cold]] Network build_rbm(const Visible& visible, const Hidden& hidden, const Given&... given) {
  if constexpr (Legal) {
    return Network(visible, hidden, Pack<Policies...>(part_or_default<Policies>(given...)...));
  } else {
    return Network(BernoulliUnits{1}, BernoulliUnits{1}, Pack<>());
  }
}

}  // namespace eigencoder::detail
