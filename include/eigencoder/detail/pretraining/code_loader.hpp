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

/// @throws OptionError where an observer moved away the model that is being pretrained: a move cannot refuse
template <class Network>
void require_in_place(const Network& network, const ModelState<typename Network::Scalar>& state) {
  if (state.parameters.size() != network.layout.parameters())
    throw OptionError("eigencoder: an observer moved the model away that was being pretrained");
}

/// The outputs of the first `Depth` layers of a network for another loader's samples, computed batch by batch; with no
/// layers the samples themselves. Targets are left out. The network, its state and the loader must outlive this.
template <class Network, std::size_t Depth>
class CodeLoader final : public BatchLoader<typename Network::Scalar> {
  using Scalar = typename Network::Scalar;

 public:
  CodeLoader(const Network& network, const ModelState<Scalar>& state, BatchLoader<Scalar>& samples)
      : network_(network), state_(state), inference_(network, state, workspace_), samples_(samples) {}
  CodeLoader(const CodeLoader&) = delete;  // members refer to one another
  CodeLoader& operator=(const CodeLoader&) = delete;

  Index size() const override { return samples_.size(); }
  Index rows() const override {
    if constexpr (Depth == 0) return samples_.rows();
    else return network_.stack.layer_info[Depth - 1].out.values();
  }
  bool has_targets() const override { return false; }
  const char* name() const override { return samples_.name(); }
  Index shuffle_window() const override { return samples_.shuffle_window(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    const Batch<Scalar> fetched = samples_.fetch(indices, next);
    if constexpr (Depth == 0) {
      return {fetched.inputs, fetched.inputs, fetched.indices};
    } else {
      require_in_place(network_, state_);
      network_.validation.check_fetched_inputs(samples_, fetched, indices);
      const auto count = static_cast<Index>(indices.size());
      const Index values = fetched.inputs.rows();
      gathered_.resize(static_cast<std::size_t>(values * count));
      for (Index j = 0; j < count; ++j) std::copy_n(fetched.input(j), values, gathered_.data() + j * values);
      const View<Scalar> codes = inference_.run(View<Scalar>(gathered_.data(), values, count), 0, Depth, false);
      return {codes, codes, nullptr};
    }
  }

 private:
  const Network& network_;
  const ModelState<Scalar>& state_;
  Workspace<Scalar> workspace_;
  Inference<Network> inference_;
  BatchLoader<Scalar>& samples_;
  std::vector<Scalar> gathered_;
};

}  // namespace eigencoder::detail
