#pragma once

// Surrogates of policies and layers with a straight-through or stopped gradient: the functions whose derivatives these
// gradients are. What the gradient does not pass through is frozen at its value in the first pass.
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/penalties/auxiliary_top_k.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "laws/pairs/stacks.hpp"

namespace laws {

using namespace eigencoder;

/// The latent is the code plus its offset to the codebook vector; offset and vector are frozen.
struct FrozenQuantized : VectorQuantized<5> {
  std::vector<double>* frozen = nullptr;  ///< the offsets, then the vectors

  template <class Layer>
  void forward(const BottleneckContext<double, Layer>& context) const {
    const Index n = context.values();
    if (frozen->empty()) {
      VectorQuantized<5>::forward(context);
      for (Index i = 0; i < n; ++i) frozen->push_back(context.latent[i] - context.code[i]);
      frozen->insert(frozen->end(), context.latent, context.latent + n);
    }
    for (Index i = 0; i < n; ++i) context.latent[i] = context.code[i] + (*frozen)[static_cast<std::size_t>(i)];
  }
  template <class Layer>
  void backward(const BottleneckContext<double, Layer>& context, double* dlatent, double* dcode, double*, double* sums,
                GradientSink<double>&) const {
    const Index n = context.values();
    for (Index i = 0; i < n; ++i) {
      const double difference = context.code[i] - (*frozen)[static_cast<std::size_t>(n + i)];
      dcode[i] = dlatent[i] + 2 * commitment / static_cast<double>(context.pass.batch) * difference;
      sums[0] += commitment * difference * difference;
    }
  }
};

/// The error that dead units reconstruct is frozen.
struct FrozenAuxiliary : AuxiliaryTopK {
  std::vector<double>* frozen = nullptr;

  template <class Stack>
  double penalize_stack(const detail::StackContext<double, Stack>& context, GradientSink<double>& sink) const {
    const Index n = context.stack.layer_info[Stack::size - 1].out.size() * context.pass.batch;
    const double* y = context.tape.output[Stack::size - 1];
    if (frozen->empty())
      for (Index i = 0; i < n; ++i) frozen->push_back(context.target[i] - y[i]);
    std::vector<double> target;
    for (Index i = 0; i < n; ++i) target.push_back(y[i] + (*frozen)[static_cast<std::size_t>(i)]);
    return AuxiliaryTopK::penalize_stack(
        detail::StackContext<double, Stack>{context.stack, context.pass, context.parameters, context.tape,
                                            context.requirements, target.data()},
        sink);
  }
};

/// The derivative of a value close to its threshold theta, by theta, is -theta / bandwidth. That factor is frozen, and
/// so are the sets of active and of close values. The passes of one gradient come in the same order each time.
struct FrozenJumpRelu : WideJumpRelu {
  struct Gate {
    bool fires;
    double derivative, threshold;
  };
  static inline std::vector<std::vector<Gate>> frozen;
  static inline std::size_t pass = 0, passes = 0;  ///< replayed passes; 0: they are recorded

  static void record() { frozen.clear(), passes = 0; }
  static void replay() { pass = 0, passes = frozen.size(); }

  template <class Scalar>
  void forward(const LayerContext<Scalar>& context, const Scalar* x, Scalar* y) const {
    JumpRelu::forward(context, x, y);
    const auto n = static_cast<std::size_t>(context.values());
    const auto channels = static_cast<std::size_t>(context.shape.channels);
    if (passes == 0) {
      auto& values = frozen.emplace_back();
      for (std::size_t i = 0; i < n; ++i) {
        const double threshold = context.cache[i % channels];
        const double derivative = std::abs(x[i] - threshold) < bandwidth / 2 ? -threshold / bandwidth : 0;
        values.push_back({x[i] > threshold, derivative, threshold});
      }
    }
    const auto& values = passes == 0 ? frozen.back() : frozen[pass++ % passes];
    for (std::size_t i = 0; i < n; ++i)
      y[i] = (values[i].fires ? x[i] : 0) + values[i].derivative * (context.cache[i % channels] - values[i].threshold);
  }
};

/// The derivative of the number of active values by theta is -1 / bandwidth for each value close to it.
struct FrozenFiring : Sparse<L0> {
  std::vector<double>* frozen = nullptr;  ///< the number, then for each channel its derivative and its theta

  template <class Stack>
  double penalize_stack(const detail::StackContext<double, Stack>& context, GradientSink<double>& sink) const {
    constexpr std::size_t last = Stack::encoder_depth - 1;
    const JumpRelu& layer = get<last>(context.stack.layers);
    const auto view = context.stack.template layer_context<last>(context.pass, context.parameters, context.tape);
    const Index channels = view.shape.channels;
    const auto threshold = [&](Index c) { return layer.initial_threshold * std::exp(view.parameters[0][c]); };
    if (frozen->empty()) {
      frozen->assign(static_cast<std::size_t>(1 + 2 * channels), 0);
      for (Index c = 0; c < channels; ++c) frozen->at(static_cast<std::size_t>(2 + 2 * c)) = threshold(c);
      bool any_near = false, all_near = true;
      for (Index i = 0; i < view.values(); ++i) {
        const double z = context.tape.input_of(last)[i], theta = threshold(i % channels);
        const bool near = std::abs(z - theta) < layer.bandwidth / 2;
        frozen->at(0) += z > theta ? 1 : 0;
        frozen->at(static_cast<std::size_t>(1 + 2 * (i % channels))) -= near ? 1 / layer.bandwidth : 0;
        any_near |= near;
        all_near &= near;
      }
      REQUIRE((any_near && !all_near));
    }
    double firing = frozen->at(0);
    for (Index c = 0; c < channels; ++c)
      firing += frozen->at(static_cast<std::size_t>(1 + 2 * c)) *
                (threshold(c) - frozen->at(static_cast<std::size_t>(2 + 2 * c)));
    Sparse<L0>::penalize_stack(context, sink);
    return penalty.value(firing / static_cast<double>(context.pass.batch));
  }
};

/// The type that replaces a policy in the gradient law: itself, or its surrogate.
template <class P>
struct Surrogate {
  using type = P;
};
template <>
struct Surrogate<VectorQuantized<5>> {
  using type = FrozenQuantized;
};
template <>
struct Surrogate<AuxiliaryTopK> {
  using type = FrozenAuxiliary;
};
template <>
struct Surrogate<Sparse<L0>> {
  using type = FrozenFiring;
};
template <class P>
inline constexpr bool has_surrogate = !std::is_same_v<typename Surrogate<P>::type, P>;

/// The surrogate of a policy's value, which stores frozen values in `frozen`.
template <class P>
typename Surrogate<P>::type surrogate(const P& policy, std::vector<double>& frozen) {
  if constexpr (has_surrogate<P>) {
    typename Surrogate<P>::type found;
    static_cast<P&>(found) = policy;
    found.frozen = &frozen;
    return found;
  } else {
    return static_cast<void>(frozen), policy;
  }
}

/// The same for the layers of a stack's encoder.
template <class L>
struct SurrogateLayer {
  using type = L;
};
template <>
struct SurrogateLayer<WideJumpRelu> {
  using type = FrozenJumpRelu;
};
template <class Stack>
struct SurrogateStack;
template <class... L, class D, class Loss>
struct SurrogateStack<Parts<Encoder<L...>, D, Loss>> {
  using type = Parts<Encoder<typename SurrogateLayer<L>::type...>, D, Loss>;
};

}  // namespace laws
