#pragma once

// Policies with a straight-through or a stopped gradient, and beside each its surrogate: the function whose derivative
// the gradient is, with what the gradient does not go through held as the first pass found it.
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/penalties/auxiliary_top_k.hpp>

#include <vector>

namespace laws {

using namespace eigencoder;

/// The code moves along with an offset to its codebook vector that stays; that vector stays too.
struct HeldQuantized : VectorQuantized<5> {
  std::vector<double>* held = nullptr;  ///< the offsets, then the vectors

  template <class Layer>
  void forward(const BottleneckStage<double, Layer>& stage) const {
    const Index n = stage.values();
    if (held->empty()) {
      VectorQuantized<5>::forward(stage);
      for (Index i = 0; i < n; ++i) held->push_back(stage.latent[i] - stage.code[i]);
      held->insert(held->end(), stage.latent, stage.latent + n);
    }
    for (Index i = 0; i < n; ++i) stage.latent[i] = stage.code[i] + (*held)[static_cast<std::size_t>(i)];
  }
  template <class Layer>
  void backward(const BottleneckStage<double, Layer>& stage, double* dlatent, double* dcode, double*, double* sums,
                GradientSink<double>&) const {
    const Index n = stage.values();
    for (Index i = 0; i < n; ++i) {
      const double apart = stage.code[i] - (*held)[static_cast<std::size_t>(n + i)];
      dcode[i] = dlatent[i] + 2 * commitment / static_cast<double>(stage.pass.batch) * apart;
      sums[0] += commitment * apart * apart;
    }
  }
};

/// The error that dead units reconstruct stays.
struct HeldAuxiliary : AuxiliaryTopK {
  std::vector<double>* held = nullptr;

  template <class Stack>
  double sweep(const SweepStage<double, Stack>& stage, GradientSink<double>& sink) const {
    const Index n = stage.stack.stages[Stack::size - 1].out.size() * stage.pass.batch;
    const double* y = stage.tape.output[Stack::size - 1];
    if (held->empty())
      for (Index i = 0; i < n; ++i) held->push_back(stage.target[i] - y[i]);
    std::vector<double> target;
    for (Index i = 0; i < n; ++i) target.push_back(y[i] + (*held)[static_cast<std::size_t>(i)]);
    return AuxiliaryTopK::sweep(SweepStage<double, Stack>{stage.stack, stage.pass, stage.learned, stage.tape,
                                                          stage.extras, target.data()}, sink);
  }
};

/// What stands for a policy in the gradient law: itself, or its surrogate.
template <class P>
struct Surrogate {
  using type = P;
};
template <>
struct Surrogate<VectorQuantized<5>> {
  using type = HeldQuantized;
};
template <>
struct Surrogate<AuxiliaryTopK> {
  using type = HeldAuxiliary;
};
template <class P>
inline constexpr bool has_surrogate = !std::is_same_v<typename Surrogate<P>::type, P>;

/// The surrogate of a policy's value; `held` is where it keeps what stays.
template <class P>
typename Surrogate<P>::type surrogate(const P& policy, std::vector<double>& held) {
  if constexpr (has_surrogate<P>) {
    typename Surrogate<P>::type found;
    static_cast<P&>(found) = policy;
    found.held = &held;
    return found;
  } else {
    return static_cast<void>(held), policy;
  }
}

}  // namespace laws
