#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/network/feed_known.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/pass.hpp>

namespace eigencoder::detail {

/// A batch as the network takes it, samples side by side: values x batch.
template <class Scalar>
struct PreparedBatch {
  const Scalar* input = nullptr;      ///< of the encoder
  const Scalar* target = nullptr;     ///< after augmentation
  const Scalar* clean = nullptr;      ///< the sample before its corruption
  const Scalar* corrupted = nullptr;  ///< after it; what is hidden is 0
};

/// Whether the first `samples` samples of n values lie one after another in memory, and their targets of m values.
template <class Scalar>
bool is_contiguous(const Batch<Scalar>& batch, Index n, Index m, Index samples) {
  bool contiguous = batch.inputs.stride() == n && batch.targets.stride() == m;
  for (Index j = 1; contiguous && j < samples; ++j) contiguous = batch.column(j) == batch.column(0) + j;
  return contiguous;
}

/// Changes the samples `from(j)` of `shape` by augmentation and puts them side by side.
template <class Scalar, class Network, class From>
void augment(const Network& network, const Pass<Scalar>& pass, Shape shape, [[maybe_unused]] ImageScale scale,
             const From& from, Scalar* to) {
  constexpr bool augments = Network::Policies::augments;
  const Index n = shape.size();
  Scalar* scratch = augments ? pass.workspace.temporary(n * pass.batch) : nullptr;
  parallel_columns(pass, n, 8, [&](Index j) {
    if (!augments) std::copy_n(from(j), n, to + j * n);
    network.policies.each([&]<std::size_t K>(const auto& policy) {
      using Policy = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Augments<Policy>) {
        Random random = pass.random(Purpose::augmentation, 0, j);
        if constexpr (AugmentsScaled<Policy>)
          policy.apply(from(j), to + j * n, scratch + j * n, shape, random, scale);
        else
          policy.apply(from(j), to + j * n, scratch + j * n, shape, random);
      }
    });
  });
}

/// Puts a batch's targets side by side, as the loss takes them. Augmentation changes those that are images, by the
/// draws of their inputs.
template <class Scalar, class Network>
Scalar* prepare_targets(const Network& network, const Pass<Scalar>& pass, const Batch<Scalar>& batch) {
  const Shape shape = network.target;
  const Index m = shape.size(), rows = batch.targets.rows();
  const bool changes = Network::Policies::augments && (!Network::Policies::sets_target || !shape.is_flat());
  const bool expands = network.validation.are_classes(rows);
  Scalar* const targets = pass.workspace.targets(m * pass.batch * (changes && expands ? 2 : 1));
  Scalar* const expanded = changes ? targets + m * pass.batch : targets;
  if (expands || !changes)
    parallel_columns(pass, m, 8,
                     [&](Index j) { network.validation.copy_target(batch.target(j), rows, expanded + j * m); });
  if (changes)
    augment(network, pass, shape, network.scales.target,
            [&](Index j) -> const Scalar* { return expands ? expanded + j * m : batch.target(j); }, targets);
  return targets;
}

/// Copies the samples to `clean`, then corrupts and hides values of the inputs in place. What was unknown stays so.
template <class Scalar, class Network>
void corrupt(const Network& network, const Pass<Scalar>& pass, Scalar* inputs, Scalar* clean) {
  const Index n = network.input.size();
  parallel_columns(pass, n, 8, [&](Index j) {
    Scalar* const x = inputs + j * n;
    const Scalar* const before = std::copy_n(x, n, clean + j * n) - n;
    network.policies.each([&]<std::size_t K>(const auto& policy) {
      if constexpr (Corrupts<std::remove_cvref_t<decltype(policy)>>) {
        Random random = pass.random(Purpose::corruption, 0, j);
        policy.corrupt(x, network.input, random);
      }
    });
    if constexpr (Network::Policies::allows_missing)
      for (Index i = 0; i < n; ++i) x[i] = (std::isnan)(before[i]) ? before[i] : x[i];
    network.policies.each([&]<std::size_t K>(const auto& policy) {
      if constexpr (AllowsMissing<std::remove_cvref_t<decltype(policy)>>) {
        Random random = pass.random(Purpose::hiding, 0, j);
        policy.hide(x, network.input, random);
      }
    });
  });
}

/// Finds the batch's columns where they lie, or gathers them in the workspace. Augmentation changes an input and its
/// target alike, corruption the input alone.
template <class Scalar, class Network>
PreparedBatch<Scalar> prepare_batch(const Network& network, const Pass<Scalar>& pass, const Batch<Scalar>& batch) {
  using Policies = typename Network::Policies;
  constexpr bool keeps_clean = Policies::corrupts || Policies::allows_missing;
  const Index n = network.input.size(), values = n * pass.batch;
  if (!Policies::augments && !keeps_clean && !network.validation.are_classes(batch.targets.rows()) &&
      is_contiguous(batch, n, network.target.size(), pass.batch))
    return {batch.input(0), batch.target(0), batch.input(0), batch.input(0)};

  Workspace<Scalar>& workspace = pass.workspace;
  Scalar* x = workspace.inputs(values * (Policies::feeds_mask ? 4 : keeps_clean ? 2 : 1));
  augment(network, pass, network.input, network.scales.input,
          [&](Index j) { return batch.input(j); }, x);
  PreparedBatch<Scalar> prepared{x, x, x, x};
  const bool has_targets = Policies::sets_target || batch.has_targets();  // the input may be the target's memory
  if (has_targets) prepared.target = prepare_targets(network, pass, batch);
  if constexpr (keeps_clean) {
    Scalar* clean = has_targets ? x + values : workspace.targets(values);
    corrupt(network, pass, x, clean);
    prepared.clean = clean;
    if (!has_targets) prepared.target = clean;
  }
  if constexpr (Policies::allows_missing)
    prepared.input = feed_known<Policies::feeds_mask>(pass, network.input, x, x + 2 * values);
  return prepared;
}

}  // namespace eigencoder::detail
