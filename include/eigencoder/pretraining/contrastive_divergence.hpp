#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/types.hpp>
#include <string_view>

/// @file
/// How the gradient of an `Rbm` is estimated: the policies of its training. The gradient of the log-likelihood is the
/// difference of two expectations of (hidden means times visible values), in the data and in the model; Gibbs chains
/// give the second. An `Rbm` takes one of these policies at most; without one it is trained by `ContrastiveDivergence`.
namespace eigencoder {

/// The policy of contrastive divergence: each sample of a batch starts a Gibbs chain of its own, which is run for
/// `steps` steps. The last hidden units are means, all others are drawn.
/// Source: Hinton, "Training products of experts by minimizing contrastive divergence" (2002).
struct ContrastiveDivergence {
  Index steps = 1;           ///< k of CD-k, at least 1
  bool draw_visible = true;  ///< false: visible units take their means, as in Hinton & Salakhutdinov's programs (2006)
  /// Whether the gradient is centered: that of the same machine with the mean of each unit subtracted from its values,
  /// written for the parameters of the plain energy. It is no longer the gradient of the likelihood but one
  /// preconditioned by the means, with the same zeros, so that `Rbm::gradient` returns this direction. It fits a
  /// machine of many units better, and needs no care for data that are mostly 1. `WeightDecay` is added after
  /// centering. The means are those of the data in both phases, of the hidden units given the data; Melchior et al.
  /// also study means of the model and of both. They are means over all batches and, from the hundredth on,
  /// exponential ones of rate 0.01.
  /// Sources: Montavon & Mueller, "Deep Boltzmann machines and the centering trick" (2012); Melchior, Fischer &
  /// Wiskott, "How to center deep Boltzmann machines" (2016), where it is the centered gradient for normal machines.
  bool centered = false;

  /// As every `Policy`.
  ///@{
  static constexpr std::string_view kind = "ContrastiveDivergence";
  static constexpr Index at_layer = AllLayers::at_layer;
  void validate() const { detail::require_at_least("ContrastiveDivergence.steps", 1, steps); }
  ///@}
};

/// The policy of persistent contrastive divergence: Gibbs chains that go on from step to step of training, `steps`
/// steps each time. They come close to the model's distribution if the learning rate is small, and the likelihood gets
/// far higher than with `ContrastiveDivergence`. The chains are among the machine's `statistics()`: files and
/// checkpoints hold them.
/// Source: Tieleman, "Training restricted Boltzmann machines using approximations to the likelihood gradient" (2008).
struct PersistentContrastiveDivergence {
  Index steps = 1;        ///< Gibbs steps in each step of training, at least 1
  Index chains = 100;     ///< the number of chains, at least 1
  bool centered = false;  ///< see `ContrastiveDivergence::centered`

  /// As every `Policy`.
  ///@{
  static constexpr std::string_view kind = "PersistentContrastiveDivergence";
  static constexpr Index at_layer = AllLayers::at_layer;
  void validate() const {
    detail::require_at_least("PersistentContrastiveDivergence.steps", 1, steps);
    detail::require_at_least("PersistentContrastiveDivergence.chains", 1, chains);
  }
  ///@}
};

}  // namespace eigencoder
