#pragma once

#include <cmath>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// The two layers of an autoencoder that a machine stands for.
struct RbmLayers {
  Index encoder = 0, decoder = 0;
  bool transposed = false;  ///< whether the decoder stores its weight as visible x hidden, else as the encoder does
};

/// Gives the two layers, of blocks in this vector, the parameters of a machine: E[h | v] = f(W (v / s^2) + c) and
/// E[v | h] = g(W' h + b). A tied decoder has no weight. Each layer's own blocks are its first of their kinds.
template <class Machine, class Scalar>
[[gnu::cold]] void store_rbm(const Machine& rbm, const RbmLayers& layers, const ParameterLayout& layout,
                             Scalar* parameters) {
  using Weights = Eigen::Matrix<Scalar, Dynamic, Dynamic, Eigen::RowMajor>;
  bool stored[2][2] = {};  // by layer and kind
  for (const ParameterBlock& block : layout.blocks()) {
    const bool is_weight = block.kind == ParameterKind::weight, in_encoder = block.layer == layers.encoder;
    if (!in_encoder && block.layer != layers.decoder) continue;
    if (!is_weight && block.kind != ParameterKind::bias) continue;
    if (stored[in_encoder][is_weight]) continue;
    stored[in_encoder][is_weight] = true;
    Scalar* to = parameters + block.offset;
    if (is_weight) {
      Eigen::Map<Weights> weights(to, block.rows, block.cols);
      if (!in_encoder && layers.transposed) weights = rbm.weights().transpose();
      else weights = rbm.weights();
      if (in_encoder && rbm.log_variance().size() > 0)
        weights.array().rowwise() *= (-rbm.log_variance().transpose().array()).exp();
    } else {
      Eigen::Map<VectorX<Scalar>> bias(to, block.size());
      if (in_encoder) bias = rbm.hidden_bias();
      else bias = rbm.visible_bias();
    }
  }
}

}  // namespace eigencoder::detail
