#pragma once

#include <eigencoder/detail/pretraining/layer_checkpoints.hpp>
#include <eigencoder/pretraining/pretrain.hpp>
#include <eigencoder/serialization/checkpoint_folder.hpp>
#include <string>
#include <vector>

/// @file
/// Pretraining that writes checkpoints, and continues from them. Needs nlohmann_json, as model files do.
namespace eigencoder {

/// Pretrains as `pretrain(model, samples, how)`, with the checkpoints of each layer in a folder of its own, `layer-1`
/// and so on below `folder`. The same call resumes: layers that are done are read, not trained, and the one that was
/// interrupted continues where its latest checkpoint stands, to the same bits as without the interruption. The model's
/// parameters before the call, the samples and the options must be the same.
///
///     pretrain(model, samples, GreedyAutoencoders{}, "run", {.every_minutes = 5});
///
/// A layer is done when its training has ended, also where an observer or a limit of time ended it; its history then
/// says `ended_by_budget` when it is read again. The file `ended` in its folder says after how many steps. A checkpoint
/// of the last step must then be there, as it is with `every_epochs` = 1, or training from the latest must end at the
/// same step again.
/// @throws FileError as `resume` and `Checkpoints`, and for a damaged file `ended`; OptionError where the options are
/// not those of the checkpoints, or a layer that was done ends at another step; and as without a folder. The layers
/// before then have learned.
template <class E, class D, class L, class... P, PretrainingOf<typename ScalarOf<P...>::type> How>
std::vector<History> pretrain(Autoencoder<E, D, L, P...>& model, View<typename ScalarOf<P...>::type> samples,
                              const How& how, const std::string& folder, const CheckpointOptions& options = {}) {
  InMemoryLoader<typename ScalarOf<P...>::type> loader(samples, samples);
  return pretrain(model, loader, how, folder, options);
}
/// The same on samples of a loader, such as those of a `Stream`.
template <class E, class D, class L, class... P, BatchLoaderOf<typename ScalarOf<P...>::type> Loader,
          PretrainingOf<typename ScalarOf<P...>::type> How>
std::vector<History> pretrain(Autoencoder<E, D, L, P...>& model, Loader&& loader, const How& how,
                              const std::string& folder, const CheckpointOptions& options = {}) {
  options.validate();
  return detail::run_greedily<D>(model, loader, how, detail::LayerCheckpoints{folder, options});
}

}  // namespace eigencoder
