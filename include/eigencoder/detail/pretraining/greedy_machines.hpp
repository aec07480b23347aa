#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/pretraining/greedy_options.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <eigencoder/training/reports.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// Trains a stack of machines one after another, each on the codes of those below it.
namespace eigencoder::detail {

template <class Machine>
using HiddenOf = std::remove_cvref_t<decltype(std::declval<const Machine&>().hidden())>;
template <class Machine>
using VisibleOf = std::remove_cvref_t<decltype(std::declval<const Machine&>().visible())>;

/// Which machines may be stacked.
template <class... Machines>
struct StackedMachines {
  static constexpr bool units = [] {
    bool suit = true;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((suit = suit && (K == 0 || std::same_as<VisibleOf<Element<K, Pack<Machines...>>>, BernoulliUnits> ==
                                      std::same_as<HiddenOf<Element<(K > 0 ? K - 1 : 0), Pack<Machines...>>>,
                                                   BernoulliUnits>)),
       ...);
    }(std::index_sequence_for<Machines...>());
    return suit;
  }();
  static constexpr bool scalars = [] {
    using All = Pack<typename Machines::Scalar...>;
    return (std::same_as<typename Machines::Scalar, Element<0, All>> && ...);
  }();
};

/// The hidden means of the first `Depth` machines, one after another; the samples themselves for none.
template <std::size_t Depth, class... Machines, class Scalar>
MatrixX<Scalar> encode_below(const Pack<Machines...>& machines, View<Scalar> samples) {
  if constexpr (Depth == 0) return samples.matrix();
  else if constexpr (Depth == 1) return get<0>(machines).encode(samples);
  else return get<Depth - 1>(machines).encode(encode_below<Depth - 1>(machines, samples));
}

/// The codes of the first `Depth` machines for another loader's samples, batch by batch.
template <std::size_t Depth, class Scalar, class... Machines>
class MachineCodeLoader final : public BatchLoader<Scalar> {
 public:
  MachineCodeLoader(const Pack<Machines...>& machines, BatchLoader<Scalar>& samples)
      : machines_(machines), samples_(samples) {}

  Index size() const override { return samples_.size(); }
  Index rows() const override {
    if constexpr (Depth == 0) return samples_.rows();
    else return get<Depth - 1>(machines_).hidden_size();
  }
  bool has_targets() const override { return false; }
  const char* name() const override { return samples_.name(); }
  Index shuffle_window() const override { return samples_.shuffle_window(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    const Batch<Scalar> fetched = samples_.fetch(indices, next);
    if constexpr (Depth == 0) {
      return {fetched.inputs, fetched.inputs, fetched.indices};
    } else {
      ModelAccess::network(get<0>(machines_)).validation.check_fetched_inputs(samples_, fetched, indices);
      gathered_.resize(fetched.inputs.rows(), static_cast<Index>(indices.size()));
      for (Index j = 0; j < gathered_.cols(); ++j)
        std::copy_n(fetched.input(j), gathered_.rows(), gathered_.col(j).data());
      codes_ = encode_below<Depth>(machines_, View<Scalar>(gathered_));
      return {codes_, codes_, nullptr};
    }
  }

 private:
  const Pack<Machines...>& machines_;
  BatchLoader<Scalar>& samples_;
  MatrixX<Scalar> gathered_, codes_;
};

/// Runs `train` while all machines but the K-th are in training, as machine K is by its own `fit`: an observer cannot
/// change those that give its codes, nor assign to some of them.
template <std::size_t K, std::size_t J = 0, class... Machines, class Train>
[[gnu::cold]] History with_others_in_training(Pack<Machines...>& machines, const Train& train) {
  if constexpr (J == sizeof...(Machines)) {
    return train();
  } else if constexpr (J == K) {
    return with_others_in_training<K, J + 1>(machines, train);
  } else {
    const auto in_training = ModelAccess::training_scope(get<J>(machines));
    return with_others_in_training<K, J + 1>(machines, train);
  }
}

/// Trains machine K; see `DeepBeliefNetwork::fit`.
template <std::size_t K, class Scalar, class... Machines, class O>
[[gnu::cold]] History fit_machine(Pack<Machines...>& machines, BatchLoader<Scalar>& loader, const O& optimizer,
                                  LayerOptions<Scalar> options) {
  options.fit.seed += K;
  if constexpr (K > 0)
    if (options.fit.has_validation())
      options.fit.validation = encode_below<K>(machines, options.fit.validation.view());
  const O own = optimizer_of(optimizer, options);
  if (const auto* all = loader.all()) {
    if constexpr (K == 0) {
      InMemoryLoader<Scalar> samples(all->inputs, all->inputs);
      return get<K>(machines).fit(static_cast<BatchLoader<Scalar>&>(samples), own, options.fit);
    } else {
      const MatrixX<Scalar> codes = encode_below<K>(machines, all->inputs);
      InMemoryLoader<Scalar> samples(codes, codes);
      return get<K>(machines).fit(static_cast<BatchLoader<Scalar>&>(samples), own, options.fit);
    }
  }
  MachineCodeLoader<K, Scalar, Machines...> codes(machines, loader);
  return get<K>(machines).fit(static_cast<BatchLoader<Scalar>&>(codes), own, options.fit);
}

template <class Scalar, class... Machines, class O>
[[gnu::cold]] std::vector<History> fit_greedily(Pack<Machines...>& machines, BatchLoader<Scalar>& loader,
                                                const O& optimizer, const std::vector<LayerOptions<Scalar>>& layers) {
  const auto& validation = ModelAccess::network(get<0>(machines)).validation;
  const char* const who = "DeepBeliefNetwork::fit";
  check_greedy_options(optimizer, layers, sizeof...(Machines), loader, who);
  check_machine_options(layers, who);
  for (const LayerOptions<Scalar>& options : layers)
    if (options.fit.has_validation()) {
      const char* const name = "DeepBeliefNetwork::fit: validation";
      validation.check_samples(options.fit.validation.view(), options.fit.validation.view(), name, name);
    }
  std::vector<History> histories;
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto train = [&]<std::size_t J>() {
      return fit_machine<J>(machines, loader, optimizer, layers[layers.size() == 1 ? 0 : J]);
    };
    (histories.push_back(with_others_in_training<K>(machines, [&] { return train.template operator()<K>(); })), ...);
  }(std::index_sequence_for<Machines...>());
  return histories;
}

}  // namespace eigencoder::detail
