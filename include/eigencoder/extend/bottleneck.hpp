#pragma once

#include <concepts>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/term.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <span>

namespace eigencoder {

/// What a bottleneck sees of a batch on its way from the encoder to the decoder.
template <class Scalar, class Layer>
struct BottleneckContext {
  const Pass<Scalar>& pass;  ///< of the encoder
  const ParameterView<Scalar>& learned;
  const Layer& layer;        ///< the encoder's last
  const LayerInfo& shapes;       ///< that enter and leave it
  Index first_block;         ///< index of the bottleneck's first parameter block
  Index first_statistics;    ///< and of its first running statistics
  const Scalar* x;           ///< what entered the encoder's last layer
  Scalar* code;              ///< what left it: code size x batch
  Scalar* latent;            ///< what enters the decoder: code size x (batch draws), a sample's draws side by side
  Scalar* kept;              ///< `kept(shapes, batch)` values from forward to backward
  double* weights;           ///< of the draws, where the bottleneck weighs them

  Index size() const { return shapes.out.size(); }
  Index values() const { return size() * pass.batch; }
};

/// A policy that stands between encoder and decoder. One a model.
///
/// - `terms`: the names of its terms; `backward` and `measure` add their sums over the batch to `sums`
/// - `draws()`: latent columns for each sample
/// - `diagnose_layer(layer)`: can this layer be the encoder's last?
/// - `declare(layout, position, layer, shapes)` adds its parameter blocks and statistics
/// - `initialize(layout, first_block, first_statistics, layer, shapes, seed, parameters, statistics)`: those that do
///   not begin at zero
/// - `kept(shapes, batch)`: how many values it keeps for the backward pass
/// - `forward(context)`: the latent from the code, in training
/// - `backward(context, dlatent, dcode, dx, sums, sink)`: dcode, the gradient of what entered the layer (added to dx,
///   unless null) and of its parameters. It may use dlatent as room.
/// - `infer(context)`: what the code becomes in inference, in place
/// - `measure(context, sums)`: its terms in inference, before `infer`
/// - `couples_batch`, optional: true where its terms compare the samples of a batch, so that it cannot learn from a batch
///   of one
/// - `validate_decoder(alone)`, optional: throws unless it can learn, told whether what comes back to a latent column is
///   the gradient of its own loss alone
template <class B>
concept Bottleneck = Policy<B> && requires(const B& bottleneck, Shape shape, Index n) {
  { B::terms[0] } -> std::convertible_to<TermName>;
  { bottleneck.draws() } -> std::same_as<Index>;
  { bottleneck.kept(LayerInfo{}, n) } -> std::same_as<Index>;
};

/// A bottleneck that weighs the draws of a sample by their losses: `weigh(context, losses, sums)` sets `context.weights`,
/// one for each column, whose mean over a sample's draws is 1.
template <class B>
concept WeighsDraws = Bottleneck<B> && B::weighs_draws;

}  // namespace eigencoder
