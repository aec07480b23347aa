#pragma once

#include <algorithm>
#include <eigencoder/detail/network/network.hpp>

/// @file
/// A whole set of samples through layers first, ..., last - 1 of a network, some at a time: what leaves them is one
/// matrix, values x samples. How many pass at a time changes no bit of it.
namespace eigencoder::detail {

/// Of samples in memory that were checked. With `as_mean` the loss's mean follows the last layer.
template <class Scalar, class Network>
[[gnu::cold]] MatrixX<Scalar> infer_all(const Network& network, const ModelState<Scalar>& values, View<Scalar> samples,
                                        std::size_t first, std::size_t last, bool as_mean) {
  Workspace<Scalar> workspace;
  MatrixX<Scalar> result(network.stack.layer_info[last - 1].out.values(), samples.cols());
  for (Index j = 0; j < samples.cols(); j += Network::inference_batch) {
    const Index count = (std::min)(Network::inference_batch, samples.cols() - j);
    const View<Scalar> out =
        network.transform(workspace, values, samples.columns(j, count), first, last, as_mean);
    std::copy_n(out.data(), out.rows() * count, result.data() + j * out.rows());
  }
  return result;
}

/// Of samples that are checked as they come; the loss's mean follows the last layer.
template <class Scalar, class Network>
[[gnu::cold]] MatrixX<Scalar> infer_all(const Network& network, const ModelState<Scalar>& values, BatchLoader<Scalar>& loader,
                                        std::size_t last) {
  Workspace<Scalar> workspace;
  MatrixX<Scalar> result(network.stack.layer_info[last - 1].out.values(), loader.size()), some;
  Scalar* to = result.data();
  each_run(iota(loader.size()), Network::inference_batch, [&](auto places, auto next) {
    const Batch<Scalar> columns = network.fetch_inputs(loader, places, next);
    some.resize(loader.rows(), static_cast<Index>(places.size()));
    for (Index j = 0; j < some.cols(); ++j) std::copy_n(columns.input(j), some.rows(), some.col(j).data());
    const View<Scalar> out = network.transform(workspace, values, some, 0, last, true);
    to = std::copy_n(out.data(), out.rows() * out.cols(), to);
  });
  return result;
}

}  // namespace eigencoder::detail
