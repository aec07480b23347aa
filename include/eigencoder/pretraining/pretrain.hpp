#pragma once

#include <concepts>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/pretraining/autoencoder_trainer.hpp>
#include <eigencoder/detail/pretraining/greedy_run.hpp>
#include <eigencoder/detail/pretraining/rbm_trainer.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/pretraining/greedy_autoencoders.hpp>
#include <eigencoder/pretraining/greedy_rbms.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <type_traits>
#include <vector>

namespace eigencoder {

/// A way to pretrain the layers of a model of this scalar: `GreedyAutoencoders` or `GreedyRbms`.
template <class How, class Scalar>
concept PretrainingOf = requires(const How& how) {
  requires std::same_as<std::remove_cvref_t<decltype(how.layers)>, std::vector<LayerOptions<Scalar>>>;
  how.optimizer;
};

/// Trains the layers of a model one after another, each on the codes that the layers before it give; `fit` then trains
/// the whole. It returns the history of each layer.
///
///     Autoencoder model{Encoder{Input{784}, Dense{1000}, Sigmoid{}, Dense{250}, Sigmoid{}, Dense{30}}, Mirror{},
///                       Bernoulli{}};
///     pretrain(model, samples, GreedyAutoencoders{.corruption = Masking{.rate = 0.25}});
///     model.fit(samples, Adam{}, {.epochs = 50});
///
/// A layer is one with a weight, such as `Dense` or `Conv2d`, and takes with it what follows up to the next one:
/// activations, normalizations, pooling. The part of the decoder that undoes it is trained with it: that of a `Mirror`
/// or a `TiedMirror`, or of a decoder with as many weights as the encoder, whose layers return the encoder's sizes in
/// reverse. What a layer learned is then copied into the model, running statistics included, which forgets its epochs
/// and the state of training, as by `initialize`.
///
/// - Of the policies only the scalar and `MissingValues`, for the first layer, are of use here; all others act in
///   `fit`. What a bottleneck learns, such as the variances of `Variational` or a codebook, stays as it is.
/// - The observer of a layer's options is called as by a `fit`, `on_begin` before each layer; a stop ends the training
///   of that layer, and the next begins.
/// - The same bits for any number of threads. To write checkpoints and to resume see pretraining/checkpoints.hpp.
/// - Does not compile for models with a `Target`, skip connections, unpooling or a decoder of another number of
///   weights.
///
/// Source: Hinton & Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006); see also
/// `GreedyAutoencoders` and `GreedyRbms`.
///
/// @throws CompositionError for a decoder whose sizes do not undo the encoder's, where sizes are values, and for a
/// corruption that does not suit the codes
/// @throws OptionError for an option outside its range, and unless there are options for each layer or for all
/// @throws ShapeError, DataError for samples that the model's `fit` would refuse. The model stays as it was after
/// these.
/// @throws DivergenceError, ObserverError as `Autoencoder::fit`; the layers before then have learned, and the one that
/// failed stands at its last completed epoch
template <class E, class D, class L, class... P, PretrainingOf<typename ScalarOf<P...>::type> How>
std::vector<History> pretrain(Autoencoder<E, D, L, P...>& model, View<typename ScalarOf<P...>::type> samples,
                              const How& how) {
  InMemoryLoader<typename ScalarOf<P...>::type> loader(samples, samples);
  return pretrain(model, loader, how);
}
/// Trains on samples of a loader, such as those of a `Stream`; its targets are not used. The codes are computed batch
/// by batch.
template <class E, class D, class L, class... P, BatchLoaderOf<typename ScalarOf<P...>::type> Loader,
          PretrainingOf<typename ScalarOf<P...>::type> How>
std::vector<History> pretrain(Autoencoder<E, D, L, P...>& model, Loader&& loader, const How& how) {
  return detail::run_greedily<D>(model, loader, how, detail::NoCheckpoints{});
}

}  // namespace eigencoder
