#pragma once

#include <eigencoder/data/batch_loader.hpp>

namespace eigencoder::detail {

/// Fetches from samples in memory: a batch is the indices of its columns.
template <class Scalar>
class InMemoryLoader final : public BatchLoader<Scalar> {
 public:
  InMemoryLoader(View<Scalar> inputs, View<Scalar> targets) : all_{inputs, targets} {}

  Index size() const override { return all_.inputs.cols(); }
  Index rows() const override { return all_.inputs.rows(); }
  bool has_targets() const override { return all_.has_targets(); }
  const Batch<Scalar>* all() const override { return &all_; }
  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t>) override {
    return {all_.inputs, all_.targets, indices.data()};
  }

 private:
  Batch<Scalar> all_;
};

}  // namespace eigencoder::detail
