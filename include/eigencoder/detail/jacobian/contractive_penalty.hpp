#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/jacobian/gram.hpp>
#include <eigencoder/detail/jacobian/jacobian.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// The contractive penalty of one batch that has passed through the encoder, and its derivatives.
template <class Scalar, class Stack, class Penalty>
class Contraction {
  using Tape = detail::Tape<Scalar, Stack::size>;
  using PassRequirements = typename Stack::PassRequirements;
  using Sweep = Jacobian<Scalar, Stack>;

 public:
  Contraction(const Penalty& policy, const Stack& stack, const Pass<Scalar>& pass, const ParameterView<Scalar>& learned)
      : policy_(policy),
        stack_(stack),
        pass_(pass),
        learned_{learned.layout, learned.parameters, learned.statistics},
        code_size_(stack.layer_info[Stack::encoder_depth - 1].out.values()),
        directions_(separate ? 1 : policy.directions.directions(code_size_)) {
    const Index in = stack.layer_info[0].in.values(), out = stack.layer_info[0].out.values(), columns = pass.batch * directions_;
    const bool fewer_products = 2 * out * (in + columns) < 3 * in * columns;
    const bool gram = separate || (Sweep::begins_dense && fewer_products);
    bottom_ = gram ? 1 : 0;
    // Directions at a time, from sizes alone: products of many columns that still fit into a cache.
    constexpr Index max_values = Index{1} << 20;
    const Index of_one = Sweep::room(stack, bottom_) * pass.batch;
    at_once_ = std::clamp<Index>(max_values / of_one, 1, directions_);
    room_ = of_one * at_once_;
  }

  /// The penalty, a mean over the samples. Derivatives by what leaves a layer are added to `tape.extra_gradients`, those by the
  /// parameters go to the sink, which takes them early.
  double operator()(const Tape& tape, const PassRequirements& requirements, GradientSink<Scalar>& sink) const {
    EarlySink<Scalar> early(sink);
    const bool noise = policy_.hessian_weight > 0;
    const Index sweeps = noise ? 2 * room_ + stack_.layer_info[0].in.values() * pass_.batch : room_;
    const Index outputs = stack_.layer_info[0].out.values();
    const Index more = bottom_ > 0 ? Gram<Scalar>::room(outputs, separate) : 0;
    Scalar* memory = pass_.workspace.arena(sweeps + more, Workspace<Scalar>::sweep);
    const auto add_up = [&](const auto& norm) {
      if (!noise) return without_noise(tape, norm, memory, early);
      double value = 0;
      for (Index k = 0; k < policy_.noise_samples; ++k) value += with_noise(tape, requirements, k, norm, memory, early);
      return value;
    };
    if constexpr (Sweep::begins_dense)
      if (bottom_ > 0) {
        const Gram<Scalar> gram(pass_, stack_.template kernel<0>(learned_), separate, memory + sweeps);
        const double value = add_up(gram);
        gram.deliver_weight(stack_.layer_info[0].blocks, early);
        return value;
      }
    return add_up(PlainNorm<Scalar>{pass_});
  }

 private:
  /// Whether each value of the code depends on one of the values that leave the first layer: a single direction of ones
  /// then stands for all units.
  static constexpr bool separate = !Penalty::random && Sweep::begins_dense && Sweep::continues_pointwise;

  template <class Norm>
  double without_noise(const Tape& tape, const Norm& norm, Scalar* memory, GradientSink<Scalar>& early) const {
    double value = 0;
    each_chunk([&](Index first, Index count) {
      const Sweep at(stack_, pass_, learned_, tape, bottom_, count, memory);
      aim(at, first, count);
      at.vjp();
      value += norm.weigh(factor(policy_.weight), at.product(), at.product_size(), at.derivative());
      at.jvp(early);
    });
    return value;
  }

  /// The share of one draw of noise, with that of the plain penalty.
  template <class Norm>
  double with_noise(const Tape& tape, const PassRequirements& requirements, Index draw, const Norm& norm, Scalar* memory,
                    GradientSink<Scalar>& early) const {
    Scalar* x = memory + 2 * room_;
    perturb(tape.input, x, draw);
    Tape noisy = stack_.tape(pass_, x, 0, Stack::encoder_depth, requirements, Workspace<Scalar>::noisy_pass);
    stack_.forward(pass_, learned_, noisy, 0, Stack::encoder_depth);
    stack_.clear_extra_gradients(pass_, noisy);
    const double share = 1 / static_cast<double>(policy_.noise_samples);
    double value = 0;
    each_chunk([&](Index first, Index count) {
      const Sweep here(stack_, pass_, learned_, tape, bottom_, count, memory);
      const Sweep there(stack_, pass_, learned_, noisy, bottom_, count, memory + room_);
      aim(here, first, count);
      std::copy_n(here.u(), code_size_ * pass_.batch * count, there.u());
      here.vjp();
      there.vjp();
      const Index size = here.product_size();
      each_stretch(size, [&](Index i) { there.product()[i] = here.product()[i] - there.product()[i]; });
      value += norm.weigh(factor(policy_.hessian_weight * share), there.product(), size, there.derivative());
      value += norm.weigh(factor(policy_.weight * share), here.product(), size, here.derivative());
      each_stretch(size, [&](Index i) {
        here.derivative()[i] += there.derivative()[i];
        there.derivative()[i] = -there.derivative()[i];
      });
      here.jvp(early);
      there.jvp(early);
    });
    std::fill_n(noisy.delta[0], code_size_ * pass_.batch, Scalar(0));
    stack_.backward(pass_, learned_, noisy, 0, Stack::encoder_depth, false, early);
    return value;
  }

  template <class Run>
  void each_chunk(const Run& run) const {
    for (Index first = 0; first < directions_; first += at_once_) run(first, (std::min)(at_once_, directions_ - first));
  }
  template <class Run>
  void each_stretch(Index size, const Run& run) const {
    parallel_tiles(size, pointwise_tile, pass_.team(size * 2), [&](Index first, Index count, int) {
      for (Index i = first; i < first + count; ++i) run(i);
    });
  }

  /// Sets directions first, ..., first + count - 1. Probes are drawn for (seed, step, sample, direction).
  void aim(const Sweep& sweep, Index first, Index count) const {
    const Index columns = pass_.batch * count;
    parallel_for(columns, pass_.team(columns * code_size_), [&](Index column, int) {
      Scalar* u = sweep.u() + column * code_size_;
      const Index direction = first + column / pass_.batch;
      std::fill_n(u, code_size_, Scalar(separate ? 1 : 0));
      if constexpr (Penalty::random) {
        Random random(pass_.seed, Purpose::contraction, 0, pass_.step, pass_.samples[column % pass_.batch],
                      static_cast<std::uint32_t>(direction));
        for (Index i = 0; i < code_size_; ++i) u[i] = random.next() >> 31 ? Scalar(1) : Scalar(-1);
      } else {
        u[direction] = 1;
      }
    });
  }

  /// Adds noise, drawn for (seed, step, sample, draw).
  void perturb(const Scalar* from, Scalar* to, Index draw) const {
    const Index n = stack_.layer_info[0].in.values();
    parallel_for(pass_.batch, pass_.team(n * pass_.batch * 8), [&](Index j, int) {
      Random random(pass_.seed, Purpose::contraction, 1, pass_.step, pass_.samples[j],
                    static_cast<std::uint32_t>(draw));
      for (Index i = j * n; i < (j + 1) * n; ++i)
        to[i] = from[i] + static_cast<Scalar>(policy_.noise * random.normal());
    });
  }

  /// Of a weight, for the mean over samples and, where they are drawn, directions.
  double factor(double weight) const {
    return weight / static_cast<double>(pass_.batch * (Penalty::random ? directions_ : 1));
  }

  const Penalty& policy_;
  const Stack& stack_;
  const Pass<Scalar>& pass_;
  ParameterView<Scalar> learned_;  ///< running statistics stay: the batch has moved them
  Index code_size_, directions_, bottom_ = 0, at_once_ = 1, room_ = 0;
};

}  // namespace eigencoder::detail
