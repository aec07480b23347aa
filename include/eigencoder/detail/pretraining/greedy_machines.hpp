#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/pretraining/code_loader.hpp>
#include <eigencoder/detail/pretraining/greedy_options.hpp>
#include <eigencoder/detail/pretraining/machine_units.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <eigencoder/training/reports.hpp>
#include <span>
#include <utility>
#include <vector>

/// @file
/// Trains a stack of machines one after another, each on the codes of those below it.
namespace eigencoder::detail {

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
class MachineCodeLoader final : public CodeLoader<Scalar> {
 public:
  MachineCodeLoader(const Pack<Machines...>& machines, BatchLoader<Scalar>& samples)
      : CodeLoader<Scalar>(samples), machines_(machines) {}

  Index rows() const override { return get<Depth - 1>(machines_).hidden_size(); }

 private:
  void check_fetched(const Batch<Scalar>& fetched, std::span<const std::uint32_t> indices) const override {
    ModelAccess::network(get<0>(machines_)).validation.check_fetched_inputs(this->samples(), fetched, indices);
  }
  View<Scalar> encode(View<Scalar> samples) override { return codes_ = encode_below<Depth>(machines_, samples); }

  const Pack<Machines...>& machines_;
  MatrixX<Scalar> codes_;
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
  if constexpr (K == 0) {
    SamplesAlone<Scalar> samples(loader);
    return get<K>(machines).fit(static_cast<BatchLoader<Scalar>&>(samples), own, options.fit);
  } else {
    MachineCodeLoader<K, Scalar, Machines...> codes(machines, loader);
    return get<K>(machines).fit(static_cast<BatchLoader<Scalar>&>(codes), own, options.fit);
  }
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
