#pragma once

#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <type_traits>
#include <vector>

/// @file
/// The loss of each sample, in inference: with clean inputs, mean codes, running statistics and no dropout.
namespace eigencoder {

/// The loss of each sample of a loader, such as a `Stream`, in order. Their mean is the `loss` of
/// `Autoencoder::evaluate`: without penalties, and of a model with a bottleneck without its terms. So for a variational
/// model it is the loss of the mean code, without the KL divergence; `log_likelihood` with one draw estimates a
/// sample's evidence lower bound.
/// @throws ShapeError, DataError, OptionError as `Autoencoder::evaluate` does
template <class Model, BatchLoaderOf<typename Model::Scalar> Loader>
std::vector<double> sample_losses(const Model& model, Loader&& loader) {
  if constexpr (Model::legal) {
    using Scalar = typename Model::Scalar;
    const auto& network = detail::ModelAccess::network(model);
    network.validation.check_samples(loader, "sample_losses: inputs", "sample_losses: targets");
    Workspace<Scalar> workspace;
    using Network = std::remove_cvref_t<decltype(network)>;
    return detail::Inference<Network>(network, detail::ModelAccess::state(model), workspace).losses(loader);
  } else {
    return {};
  }
}

/// The loss of each sample's reconstruction.
/// @throws ShapeError, DataError, OptionError as `Autoencoder::evaluate` does
template <class Model>
std::vector<double> sample_losses(const Model& model, View<typename Model::Scalar> samples) {
  static_assert(!Model::sets_target,
                "eigencoder: a model with a Target needs the targets too: sample_losses(model, inputs, targets)");
  return sample_losses(model, InMemoryLoader<typename Model::Scalar>(samples, samples));
}

/// The loss of each input's output, compared with the target in the same column.
/// @throws ShapeError, DataError, OptionError as `Autoencoder::evaluate` does
template <class Model>
std::vector<double> sample_losses(const Model& model, View<typename Model::Scalar> inputs,
                                  View<typename Model::Scalar> targets) {
  return sample_losses(model, InMemoryLoader<typename Model::Scalar>(inputs, targets));
}

}  // namespace eigencoder
