#pragma once

#include <eigencoder/network.hpp>
#include <eigencoder/training/trainer.hpp>

namespace eigencoder::detail {

/// A network and what it has learned, as the training loop sees them.
template <class Scalar, class Network>
class Learner final : public Trainee<Scalar> {
  using Samples = View<Scalar>;

 public:
  Learner(const Network& network, TrainingState<Scalar>& state) : network_(network), state_(state) {}

  double learn(const Pass<Scalar>& pass, Samples inputs, Samples targets, double* sums,
               GradientSink<Scalar>& sink) override {
    return network_.learn(pass, state_, inputs, targets, state_.statistics.data(), sums, sink);
  }
  double assess(Workspace<Scalar>& workspace, Samples inputs, Samples targets,
                std::span<const std::uint32_t> places) override {
    return network_.assess(workspace, state_, inputs, targets, places).objective();
  }
  std::vector<Term> terms(const double* sums, Index seen) const override { return network_.terms(state_, sums, seen); }
  std::size_t term_count() const override { return Network::Set::term_count; }

 private:
  const Network& network_;
  TrainingState<Scalar>& state_;
};

}  // namespace eigencoder::detail
