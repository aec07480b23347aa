#pragma once

#include <eigencoder/core/diagnostics.hpp>
#include <eigencoder/penalties/concepts.hpp>
#include <eigencoder/penalties/l1.hpp>

namespace eigencoder {

/// A sparse autoencoder: a penalty on the code or, with a place, on what leaves that layer. It counts in training, not
/// in evaluations.
///
///     Sparse<L1>, Sparse{L1{.weight = 1e-3}}        on the code
///     Sparse<KlSparsity, At<1>>                     on what leaves the second layer
template <ActivationPenalty Penalty = L1, class Place = Anywhere>
struct Sparse {
  static constexpr std::string_view kind = "Sparse";
  static constexpr Index place = Place::place;
  static constexpr Text term = detail::placed_name<Place>(Penalty::name);

  Penalty penalty{};

  void validate() const { penalty.validate(); }

  /// What the penalty says of the layer whose output it would see.
  template <class Layer>
  constexpr Diagnosis diagnose_layer([[maybe_unused]] const Layer& layer) const {
    Diagnosis found;
    if constexpr (requires { penalty.diagnose_layer(layer); }) found = penalty.diagnose_layer(layer);
    if (!found.ok()) found.who = Text::of(kind, "<", Penalty::name, ">");
    return found;
  }

  template <class Scalar>
  double penalize(const Scalar* values, Scalar* gradient, Index size, Index batch) const {
    return penalty.penalize(values, gradient, size, batch);
  }
};

template <class Penalty>
Sparse(Penalty) -> Sparse<Penalty>;

}  // namespace eigencoder
