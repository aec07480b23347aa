#pragma once

#include <concepts>
#include <string_view>

namespace eigencoder {

/// How far the codes of a `Variational` model are from the prior, the standard normal: `KullbackLeibler` looks at the
/// posterior of each sample, `MaximumMeanDiscrepancy` (`uses_latent`) at the codes drawn.
template <class D>
concept Divergence = std::default_initializable<D> && std::copyable<D> && requires(const D& divergence) {
  { D::name } -> std::convertible_to<std::string_view>;
  { D::uses_latent } -> std::convertible_to<bool>;
  divergence.validate();
};

}  // namespace eigencoder
