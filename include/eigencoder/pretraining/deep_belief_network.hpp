#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/pretraining/greedy_machines.hpp>
#include <eigencoder/detail/pretraining/unroll.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/pretraining/rbm.hpp>
#include <eigencoder/training/reports.hpp>
#include <utility>
#include <vector>

namespace eigencoder {

/// Restricted Boltzmann machines stacked on each other: each learns the distribution of the hidden means of the one
/// before it.
///
///     DeepBeliefNetwork network{Rbm{BernoulliUnits{784}, BernoulliUnits{1000}},
///                               Rbm{BernoulliUnits{1000}, BernoulliUnits{250}},
///                               Rbm{BernoulliUnits{250}, GaussianUnits{30}}};
///     network.fit(samples, Adam{}, {{.fit = {.epochs = 20, .batch_size = 100}}});
///     auto model = network.unroll();  // an Autoencoder 784-1000-250-30 and back, with all weights in place
///     model.fit(samples, Adam{}, {.epochs = 50});
///
/// Unlike `pretrain` it keeps the machines, whose policies may differ, and can generate. Machines on `RectifiedUnits`
/// have visible `GaussianUnits`.
///
/// Sources: Hinton, Osindero & Teh, "A fast learning algorithm for deep belief nets" (2006); Hinton & Salakhutdinov,
/// "Reducing the dimensionality of data with neural networks" (2006).
template <class... Rbms>
class DeepBeliefNetwork {
  static_assert(sizeof...(Rbms) > 0, "eigencoder: a DeepBeliefNetwork is made of at least one Rbm");
  static_assert(detail::StackedMachines<Rbms...>::units,
                "eigencoder: a stacked Rbm has BernoulliUnits on BernoulliUnits, and GaussianUnits on all others");
  static_assert(detail::StackedMachines<Rbms...>::scalars,
                "eigencoder: the machines of a DeepBeliefNetwork have one scalar");

 public:
  using Scalar = typename Element<0, Pack<Rbms...>>::Scalar;  ///< of parameters and data
  using Matrix = MatrixX<Scalar>;                             ///< of results: values x samples
  using Samples = View<Scalar>;                               ///< of arguments: values x samples
  static constexpr std::size_t depth = sizeof...(Rbms);       ///< the number of machines

  /// From machines, the first of which sees the samples.
  /// @throws CompositionError for a machine with other than as many visible units as the one below has hidden ones
  [[gnu::cold]] explicit DeepBeliefNetwork(const Rbms&... machines) : machines_(machines...) {
    each([&]<std::size_t K>() {
      if constexpr (K > 0) {
        const Index below = rbm<K - 1>().hidden_size(), own = rbm<K>().visible_size();
        if (own != below)
          throw CompositionError(detail::message({"DeepBeliefNetwork: machine ", K, " has ", own, " visible units on ",
                                                  below, " hidden ones"}));
      }
    });
  }

  /// Machine K, counted from 0.
  ///@{
  template <std::size_t K>
  auto& rbm() { return get<K>(machines_); }
  template <std::size_t K>
  const auto& rbm() const { return get<K>(machines_); }
  ///@}

  /// Trains the machines one after another, each from the parameters that it has, machine k with the seed of its
  /// options plus k; see `LayerOptions`. Returns the history of each.
  /// @throws OptionError for an option outside its range, and unless there are options for each machine or for all;
  /// ShapeError, DataError for samples that the first one cannot learn from. All machines stay as they were after
  /// these.
  /// @throws DivergenceError, ObserverError as `Rbm::fit`; the machines before then have learned
  template <Optimizer O>
  std::vector<History> fit(Samples samples, const O& optimizer,
                           const std::vector<LayerOptions<Scalar>>& layers = {{}}) {
    InMemoryLoader<Scalar> loader(samples, samples);
    return fit(loader, optimizer, layers);
  }
  /// The same on samples of a loader, such as those of a `Stream`. The codes are computed batch by batch.
  template <BatchLoaderOf<Scalar> Loader, Optimizer O>
  std::vector<History> fit(Loader&& loader, const O& optimizer,
                           const std::vector<LayerOptions<Scalar>>& layers = {{}}) {
    return detail::fit_greedily<Scalar>(machines_, loader, optimizer, layers);
  }

  /// The means of the last machine's hidden units, given the means of those below: code size x samples.
  Matrix encode(Samples samples) const {
    return detail::encode_below<depth>(machines_, samples);
  }
  /// The means of the first machine's visible units, given the means of those above: values x codes.
  Matrix decode(Samples codes) const {
    Matrix values = codes.matrix();
    each([&]<std::size_t K>() { values = rbm<depth - 1 - K>().decode(values); });
    return values;
  }
  /// The decoded code of each sample: values x samples.
  Matrix reconstruct(Samples samples) const { return decode(encode(samples)); }

  /// Samples, values x count: visible states of the last machine after a Gibbs chain each, decoded by the means of the
  /// units below. @throws OptionError as `Rbm::sample`
  Matrix sample(Index count, const GibbsOptions& options = {}) const {
    Matrix values = rbm<depth - 1>().sample(count, options);
    each([&]<std::size_t K>() {
      if constexpr (K > 0) values = rbm<depth - 1 - K>().decode(values);
    });
    return values;
  }

  /// The autoencoder that computes `encode` and `decode`, with a mirrored decoder of weights of its own: dense layers,
  /// with `Sigmoid` for `BernoulliUnits`, `Relu` for `RectifiedUnits`, nothing for `GaussianUnits`, and `Bernoulli` or
  /// `SquaredError` as the loss of the first visible units. Its `Relu` takes the place of the mean of `RectifiedUnits`.
  auto unroll() const {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return detail::unrolled<Scalar>(rbm<K>()...);
    }(std::make_index_sequence<depth>());
  }

 private:
  template <class Visit>
  static void each(const Visit& visit) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<K>(), ...);
    }(std::make_index_sequence<depth>());
  }

  Pack<Rbms...> machines_;
};

}  // namespace eigencoder
