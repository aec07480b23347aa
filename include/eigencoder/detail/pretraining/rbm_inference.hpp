#pragma once

#include <algorithm>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/pretraining/rbm_products.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <span>

namespace eigencoder::detail {

/// The conditional distributions of a machine in inference. Samples are checked already, unless a function says
/// otherwise.
template <class Network>
class RbmInference {
  using Scalar = typename Network::Scalar;

 public:
  RbmInference(const Network& network, const ModelState<Scalar>& state, Workspace<Scalar>& workspace)
      : network_(network), p_(network.parameters(state)), workspace_(workspace) {
    // No pass of a machine uses this arena.
    if (p_.log_variance)
      p_ = with_variances(p_, workspace.arena(p_.variance_memory(), Workspace<Scalar>::penalty).data());
  }

  /// The means of the hidden units of each sample, to `to`.
  void encode(View<Scalar> samples, Scalar* to) const {
    each_batch(samples, [&](const Pass<Scalar>& pass, Scalar* v, Index first) {
      hidden_means(pass, v, v, to + first * p_.hidden);
    });
  }
  /// The same of a loader's samples, which are checked as they are fetched.
  void encode(BatchLoader<Scalar>& loader, Scalar* to) const {
    each_batch(loader, [&](const Pass<Scalar>& pass, Scalar* v, Index first) {
      hidden_means(pass, v, v, to + first * p_.hidden);
    });
  }
  /// The means of the visible units for each code, to `to`.
  void decode(View<Scalar> codes, Scalar* to) const {
    each_batch(codes, [&](const Pass<Scalar>& pass, Scalar* h, Index first) {
      visible_means(pass, h, to + first * p_.visible);
    });
  }
  /// The reconstructions of a loader's samples, which are checked as they are fetched, to `to`.
  void reconstruct(BatchLoader<Scalar>& loader, Scalar* to) const {
    each_batch(loader, [&](const Pass<Scalar>& pass, Scalar* v, Index first) {
      Scalar* const h = workspace_.temporary(pass.batch * p_.hidden);
      hidden_means(pass, v, v, h);
      visible_means(pass, h, to + first * p_.visible);
    });
  }

  /// The same of all samples at once, in the workspace until its next use. Nothing is allocated once the workspace has
  /// served as many samples.
  ///@{
  View<Scalar> encode(View<Scalar> samples) const {
    const Scalar* const v = contiguous(samples);
    const Pass<Scalar> pass{workspace_, samples.cols()};
    Scalar* const h = workspace_.arena(pass.batch * (p_.hidden + p_.visible), Workspace<Scalar>::pass).data();
    hidden_means(pass, v, h + pass.batch * p_.hidden, h);
    workspace_.equalize_scratch();
    return {h, p_.hidden, pass.batch};
  }
  View<Scalar> decode(View<Scalar> codes) const {
    const Scalar* const h = contiguous(codes);
    const Pass<Scalar> pass{workspace_, codes.cols()};
    Scalar* const v = workspace_.arena(pass.batch * p_.visible, Workspace<Scalar>::pass).data();
    visible_means(pass, h, v);
    workspace_.equalize_scratch();
    return {v, p_.visible, pass.batch};
  }
  ///@}

  /// The free energy of each sample, to `to`.
  void free_energy(View<Scalar> samples, double* to) const {
    each_batch(samples, [&](const Pass<Scalar>& pass, Scalar* v, Index first) {
      for (Index j = 0; j < pass.batch; ++j)
        to[first + j] = network_.visible.energy(v + j * p_.visible, p_.visible_bias, p_.inverse_variance);
      Scalar* const h = workspace_.temporary(pass.batch * p_.hidden);
      hidden_inputs(pass, p_, over_variance(pass, p_, v, v), h);
      parallel_columns(pass, p_.hidden, 16, [&](Index j) {
        to[first + j] -= network_.hidden.log_normalizer(h + j * p_.hidden, p_.hidden_bias,
                                                        static_cast<const Scalar*>(nullptr));
      });
    });
  }

  /// Runs a chain of `steps` Gibbs steps from the visible states of each column, in place. `first_step` ones came
  /// before. `means`: the last visible values are means.
  void run_chains(Scalar* states, Index count, Index first_step, Index steps, std::uint64_t seed, bool means) const {
    const auto numbers = iota(count);
    for (Index first = 0; first < count; first += inference_batch) {
      Pass<Scalar> pass{workspace_, (std::min)(inference_batch, count - first)};
      pass.seed = seed;
      pass.indices = numbers.data() + first;
      const auto arena = workspace_.arena(pass.batch * (p_.visible + p_.hidden), Workspace<Scalar>::pass);
      Scalar *const v = states + first * p_.visible, *const scaled = arena.data(),
                    *const h = scaled + pass.batch * p_.visible;
      for (Index k = first_step; k < first_step + steps; ++k) {
        hidden_inputs(pass, p_, over_variance(pass, p_, v, scaled), h);
        draw_states(pass, network_.hidden, static_cast<const Scalar*>(nullptr), h, h, GibbsDraw{2 * k, 1});
        visible_inputs(pass, p_, h, v);
        if (means && k + 1 == first_step + steps) to_means(pass, network_.visible, v);
        else draw_states(pass, network_.visible, p_.stddev, v, v, GibbsDraw{2 * k + 1, 1});
      }
    }
  }
  /// Draws visible states from the units without weights, as chains start.
  void draw_start(Scalar* states, Index count, std::uint64_t seed) const {
    const Pass<Scalar> pass{.workspace = workspace_, .batch = count, .seed = seed};
    for (Index j = 0; j < count; ++j) std::copy_n(p_.visible_bias, p_.visible, states + j * p_.visible);
    draw_states(pass, network_.visible, p_.stddev, states, states, GibbsDraw{0, 2});
  }

  /// The mean error of the reconstructions of a loader's samples at these indices, which are checked as they are
  /// fetched.
  double reconstruction_error(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> indices) const {
    double sum = 0;
    for_each_run(indices, static_cast<std::size_t>(inference_batch), [&](auto run, auto next) {
      const Batch<Scalar> batch = loader.fetch(run, next);
      network_.validation.check_fetched(loader, batch, run);
      const Pass<Scalar> pass{workspace_, static_cast<Index>(run.size())};
      const Index n = pass.batch * p_.visible;
      const auto arena = workspace_.arena(2 * n + pass.batch * p_.hidden, Workspace<Scalar>::pass);
      Scalar *const v = arena.data(), *const inputs = v + n, *const h = inputs + n;
      for (Index j = 0; j < pass.batch; ++j) std::copy_n(batch.input(j), p_.visible, v + j * p_.visible);
      hidden_inputs(pass, p_, over_variance(pass, p_, v, inputs), h);
      to_means(pass, network_.hidden, h);
      visible_inputs(pass, p_, h, inputs);
      sum += batch_loss<false>(pass, typename Network::Loss{}, inputs, v, static_cast<Scalar*>(nullptr), p_.visible,
                               p_.visible, 1, workspace_.losses(pass.batch));
    });
    return sum / static_cast<double>(indices.size());
  }

 private:
  /// The means of the hidden units; `scaled` is memory for visible values and may be `v`.
  void hidden_means(const Pass<Scalar>& pass, const Scalar* v, Scalar* scaled, Scalar* h) const {
    hidden_inputs(pass, p_, over_variance(pass, p_, v, scaled), h);
    to_means(pass, network_.hidden, h);
  }
  void visible_means(const Pass<Scalar>& pass, const Scalar* h, Scalar* v) const {
    visible_inputs(pass, p_, h, v);
    to_means(pass, network_.visible, v);
  }

  /// The columns without gaps between them, outside of the arena for results: themselves or a copy.
  const Scalar* contiguous(View<Scalar> columns) const {
    if (columns.stride() == columns.rows() && !workspace_.owns(columns.data())) return columns.data();
    Scalar* const copy = workspace_.inputs(columns.rows() * columns.cols());
    for (Index j = 0; j < columns.cols(); ++j)
      std::copy_n(columns.column(j), columns.rows(), copy + j * columns.rows());
    return copy;
  }

  /// Calls `run(pass, columns, first)` with copies of some samples at a time, which it may overwrite.
  template <class Run>
  void each_batch(View<Scalar> samples, const Run& run) const {
    for (Index first = 0; first < samples.cols(); first += inference_batch) {
      const Pass<Scalar> pass{workspace_, (std::min)(inference_batch, samples.cols() - first)};
      Scalar* const copy = workspace_.arena(pass.batch * samples.rows(), Workspace<Scalar>::pass).data();
      for (Index j = 0; j < pass.batch; ++j)
        std::copy_n(samples.column(first + j), samples.rows(), copy + j * samples.rows());
      run(pass, copy, first);
    }
  }
  template <class Run>
  void each_batch(BatchLoader<Scalar>& loader, const Run& run) const {
    Index first = 0;
    for_each_run(iota(loader.size()), static_cast<std::size_t>(inference_batch), [&](auto indices, auto next) {
      const Batch<Scalar> batch = loader.fetch(indices, next);
      network_.validation.check_fetched(loader, batch, indices);
      const Pass<Scalar> pass{workspace_, static_cast<Index>(indices.size())};
      Scalar* const copy = workspace_.arena(pass.batch * p_.visible, Workspace<Scalar>::pass).data();
      for (Index j = 0; j < pass.batch; ++j) std::copy_n(batch.input(j), p_.visible, copy + j * p_.visible);
      run(pass, copy, first);
      first += pass.batch;
    });
  }

  const Network& network_;
  RbmParameters<Scalar> p_;
  Workspace<Scalar>& workspace_;
};

}  // namespace eigencoder::detail
