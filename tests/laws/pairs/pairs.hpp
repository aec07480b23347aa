#pragma once

// Every legal pair of policies: gradients, and the same bits fused and unfused. A program tests the pairs of some rows.
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "laws/list.hpp"
#include "laws/pairs/frozen.hpp"
#include "laws/pairs/stacks.hpp"
#include "laws/samples.hpp"

namespace laws {

template <class Model>
void unsettle(Model& model, bool some_are_dead) {
  model.initialize(2);
  Random random(5, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  if (some_are_dead)
    for (std::size_t i = 0; i < model.statistics().size(); i += 2) model.statistics()[i] = 1000;
}

/// Both laws for one type. A policy alone also obeys them where samples have weights.
template <class Stack, class... P>
void check() {
  using Model = ModelOf<Stack, P...>;
  constexpr bool dead = (std::is_same_v<P, AuxiliaryTopK> || ...);
  const Model initial{value_on<Stack, P>()...};
  const Index size = initial.input_shape().size();
  constexpr bool table = std::is_same_v<typename Stack::loss, MixedBlocks<7>>;
  MatrixX<double> x = table ? table_samples(size, 5, 4) : samples(size, 5, false, 9);
  if constexpr (Model::allows_missing)
    for (Index j = 0; j < x.cols(); ++j) {  // a distribution is known as a whole
      x((4 * j + 1) % size == 3 ? 1 : (4 * j + 1) % size, j) = std::numeric_limits<double>::quiet_NaN();
      if (j % 2 == 0) x.col(j).segment(2, 3).setConstant(std::numeric_limits<double>::quiet_NaN());
    }

  std::vector<double> frozen[sizeof...(P)];
  auto smooth = [&]<std::size_t... I>(std::index_sequence<I...>) {
    using Smooth = ModelOf<typename SurrogateStack<Stack>::type, typename Surrogate<P>::type...>;
    return Smooth{surrogate(value_on<Stack, P>(), frozen[I])...};
  }(std::index_sequence_for<P...>());
  unsettle(smooth, dead);
  std::vector<double> expected(smooth.parameters().size()), own(expected.size());
  FrozenJumpRelu::record();
  smooth.gradient(x, x, expected, 1, 2);
  FrozenJumpRelu::replay();
  for (const auto weights : {std::span<const double>(), std::span<const double>(sample_weights)}) {
    if (sizeof...(P) > 1 && !weights.empty()) continue;
    const auto error = gradient_error(smooth, View<double>(x), 1, 2, weights);
    INFO("block of layer " << error.block.layer << ", kind " << static_cast<int>(error.block.kind)
                           << (weights.empty() ? "" : ", weighted"));
    CHECK(error.worst <= 1e-7);
  }
  if constexpr ((has_surrogate<P> || ...)) {
    Model model{value_on<Stack, P>()...};
    unsettle(model, dead);
    model.gradient(x, x, own, 1, 2);
    CHECK(relative_error(own, expected) <= 1e-12);
  }

  Model fused = initial, unfused = initial;
  unsettle(fused, dead);
  unsettle(unfused, dead);
  FitOptions<double> options{.epochs = 3, .batch_size = 2};
  fused.fit(x, Adam{}, options);
  options.fuse_updates = false;
  unfused.fit(x, Adam{}, options);
  if (sizeof...(P) == 1) {
    options.sample_weights = std::vector<double>(std::begin(sample_weights), std::end(sample_weights));
    unfused.fit(x, Adam{}, options);
    options.fuse_updates = true;
    fused.fit(x, Adam{}, options);
  }
  CHECK(std::ranges::equal(fused.parameters(), unfused.parameters()));
  CHECK(std::ranges::equal(fused.statistics(), unfused.statistics()));
}

/// Tests a pair on the first stack on which it is legal; false if there is none.
template <class Stacks, class... P>
bool check_on() {
  if constexpr (legal_on<typename Stacks::Linear, P...>) return check<typename Stacks::Linear, P...>(), true;
  else if constexpr (legal_on<typename Stacks::Fraction, P...>) return check<typename Stacks::Fraction, P...>(), true;
  else if constexpr (legal_on<typename Stacks::Selection, P...>) return check<typename Stacks::Selection, P...>(), true;
  else if constexpr (legal_on<typename Stacks::Firing, P...>) return check<typename Stacks::Firing, P...>(), true;
  else if constexpr (legal_on<typename Stacks::Untied, P...>) return check<typename Stacks::Untied, P...>(), true;
  else if constexpr (requires { typename Stacks::Otherwise; }) return check_on<typename Stacks::Otherwise, P...>();
  else return false;
}

/// Policies for which pairs on the dense stack are enough: what they change does not depend on the layers.
template <class P>
inline constexpr bool paired_on_vectors_only = false;
template <class Mask>
inline constexpr bool paired_on_vectors_only<MissingValues<Mask>> = true;

/// Whether a policy is for images alone.
template <class P>
inline constexpr bool on_images_only = false;
template <class... Changes>
inline constexpr bool on_images_only<Augmented<Changes...>> = true;

/// Policies First, First + Step, ... of the list, each alone and in pairs with the policies after it.
template <class Stacks, std::size_t First, std::size_t Step, class... P>
void check_rows(List<P...>) {
  const auto row = [&]<class A, std::size_t I>() {
    if constexpr (I % Step == First) {
      {
        INFO(detail::type_name<A>().view() << " alone");
        const bool tested = check_on<Stacks, A>();
        CHECK((tested || on_images_only<A>));
      }
      const auto pair = [&]<class B, std::size_t K>() {
        constexpr bool skipped = paired_on_vectors_only<A> || paired_on_vectors_only<B>;
        if constexpr (K > I && !(skipped && std::is_same_v<Stacks, Convolutional>)) {
          INFO(detail::type_name<A>().view() << " with " << detail::type_name<B>().view());
          check_on<Stacks, A, B>();
        }
      };
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        (pair.template operator()<P, K>(), ...);
      }(std::index_sequence_for<P...>());
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (row.template operator()<P, I>(), ...);
  }(std::index_sequence_for<P...>());
}

}  // namespace laws
