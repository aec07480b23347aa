#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/network.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// Another loader's samples without its targets.
template <class Scalar>
class SamplesAlone : public BatchLoader<Scalar> {
 public:
  explicit SamplesAlone(BatchLoader<Scalar>& samples) : samples_(samples) {}

  Index size() const override { return samples_.size(); }
  Index rows() const override { return samples_.rows(); }
  bool has_targets() const override { return false; }
  const char* name() const override { return samples_.name(); }
  Index shuffle_window() const override { return samples_.shuffle_window(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    const Batch<Scalar> fetched = samples_.fetch(indices, next);
    return {fetched.inputs, fetched.inputs, fetched.indices};
  }

 protected:
  BatchLoader<Scalar>& samples() const { return samples_; }

 private:
  BatchLoader<Scalar>& samples_;
};

/// Codes of another loader's samples, computed batch by batch.
template <class Scalar>
class CodeLoader : public SamplesAlone<Scalar> {
 public:
  using SamplesAlone<Scalar>::SamplesAlone;

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    const Batch<Scalar> fetched = this->samples().fetch(indices, next);
    check_fetched(fetched, indices);
    const auto count = static_cast<Index>(indices.size());
    const Index values = fetched.inputs.rows();
    gathered_.resize(static_cast<std::size_t>(values * count));
    for (Index j = 0; j < count; ++j) std::copy_n(fetched.input(j), values, gathered_.data() + j * values);
    const View<Scalar> codes = encode(View<Scalar>(gathered_.data(), values, count));
    return {codes, codes, nullptr};
  }

 private:
  /// @throws DataError for samples that cannot be encoded
  virtual void check_fetched(const Batch<Scalar>& fetched, std::span<const std::uint32_t> indices) const = 0;
  /// The codes stay until the next call.
  virtual View<Scalar> encode(View<Scalar> samples) = 0;

  std::vector<Scalar> gathered_;
};

/// @throws OptionError where an observer moved away the model that is being pretrained: a move cannot refuse
template <class Network>
void require_in_place(const Network& network, const ModelState<typename Network::Scalar>& state) {
  if (state.parameters.size() != network.layout.parameters())
    throw OptionError("eigencoder: an observer moved the model away that was being pretrained");
}

/// The outputs of the first `Depth` layers of a network. The network, its state and the loader must outlive this.
template <class Network, std::size_t Depth>
class LayerCodeLoader final : public CodeLoader<typename Network::Scalar> {
  using Scalar = typename Network::Scalar;

 public:
  LayerCodeLoader(const Network& network, const ModelState<Scalar>& state, BatchLoader<Scalar>& samples)
      : CodeLoader<Scalar>(samples), network_(network), state_(state), inference_(network, state, workspace_) {}
  LayerCodeLoader(const LayerCodeLoader&) = delete;  // members refer to one another
  LayerCodeLoader& operator=(const LayerCodeLoader&) = delete;

  Index rows() const override { return network_.stack.layer_info[Depth - 1].out.values(); }

 private:
  void check_fetched(const Batch<Scalar>& fetched, std::span<const std::uint32_t> indices) const override {
    require_in_place(network_, state_);
    network_.validation.check_fetched_inputs(this->samples(), fetched, indices);
  }
  View<Scalar> encode(View<Scalar> samples) override { return inference_.run(samples, 0, Depth, false); }

  const Network& network_;
  const ModelState<Scalar>& state_;
  Workspace<Scalar> workspace_;
  Inference<Network> inference_;
};

}  // namespace eigencoder::detail
