#pragma once

#include <cstddef>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/resizing.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <utility>

namespace eigencoder {

/// The model for images of another height and width: the same type with the same learned values.
///
///     Autoencoder model{Encoder{Image{40, 40, 3}, Conv2d{32, 3, Stride{2}, Same{}}, Relu{}, Conv2d{8, 3, Same{}}},
///                       Mirror{}, SquaredError{}};
///     model.fit(sprites, Adam{});
///     auto restored = resized(model, 600, 800).reconstruct(photo);
///
/// It takes models of images, `Image{h, w, c}`, whose layers learn nothing that belongs to a position: convolutions,
/// poolings, `Upsample`, `PixelShuffle`, `BatchNorm` and `LayerNorm2d` on images, skip connections, mirrored or listed.
/// Where a size must be a multiple, as with strides and skip connections, see `pad_to_multiple`.
///
/// As a copy does, the result has the parameters, the running statistics, the epochs and the state of training, and a
/// further `fit` on images of the new size continues from it. Hyperparameters are the same, sizes among them:
/// `UpsampleTo{20, 20}` does not become larger, so a decoder that ends with it is refused. A `Target` gets the
/// sides of what the decoder then returns.
///
/// Does not compile for a model whose types fix the size (`Image<40, 40, 3>`, `Input`, a decoder that ends with
/// `Dense`).
/// @throws CompositionError where a layer or the loss has parameters or statistics whose number depends on the size
/// (`Dense`, `LayerNorm`), or the layers do not fit together at the new size, with the layer and the reason
/// @throws OptionError for a model that was moved from
template <class E, class D, class L, class... P>
[[gnu::cold]] Autoencoder<E, D, L, P...> resized(const Autoencoder<E, D, L, P...>& model, Index height, Index width) {
  using Model = Autoencoder<E, D, L, P...>;
  using Fixed = detail::FixedImageSize<Model::legal, E, D, P...>;
  static_assert(detail::StatedBy<Fixed>::template satisfies<Rule::is_resizable>,
                "eigencoder: a model of images can be resized if no type and no learned value depends on their size");
  if constexpr (Model::legal && Fixed::diagnosis.ok()) {
    const auto& network = detail::ModelAccess::network(model);
    E encoder;
    encoder.input = {};
    encoder.input.height = height;
    encoder.input.width = width;
    encoder.input.channels = network.input.channels;
    encoder.layers = detail::Unflat<decltype(encoder.layers)>::template of<0>(network.stack.layers);
    const D decoder = detail::DecoderOf<D>::in(network.stack.layers);
    const Shape output = detail::assemble<P...>(encoder, decoder).layer_info[Model::layer_count() - 1].out;
    Model other = [&]<std::size_t... K>(std::index_sequence<K...>) {
      return Model{encoder, decoder, network.loss,
                   detail::resized_policy(get<K>(network.policies.policies), output)...};
    }(std::index_sequence_for<P...>());
    detail::diagnose_resized(network, detail::ModelAccess::network(other)).require_ok();
    detail::ModelAccess::state(other, "resized") = detail::ModelAccess::state(model);
    return other;
  } else {
    return model;
  }
}

}  // namespace eigencoder
