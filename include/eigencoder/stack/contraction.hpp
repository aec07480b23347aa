#pragma once

#include <algorithm>
#include <eigencoder/optimizers/clipping.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/stack/jacobian.hpp>

namespace eigencoder::detail {

/// The contractive penalty of one batch that has passed through the encoder, and its derivatives.
template <class Scalar, class Stack, class Directions>
class Contraction {
  using Tape = detail::Tape<Scalar, Stack::size>;
  using Sweep = Jacobian<Scalar, Stack>;

 public:
  Contraction(const Contractive<Directions>& policy, const Stack& stack, const Pass<Scalar>& pass,
              const Learned<Scalar>& learned)
      : policy_(policy),
        stack_(stack),
        pass_(pass),
        learned_{learned.layout, learned.parameters, learned.statistics},
        code_size_(stack.stages[Stack::code_at - 1].out.size()),
        directions_(policy.directions.directions(code_size_)) {
    // As many directions at a time as fit into some megabytes: products of many columns, from sizes alone.
    constexpr Index most_values = Index{1} << 23;
    at_once_ = std::clamp<Index>(most_values / (Sweep::room(stack) * pass.batch), 1, directions_);
    room_ = Sweep::room(stack) * pass.batch * at_once_;
  }

  /// The penalty, a mean over the samples. Derivatives by what leaves a layer are added to `tape.added`, those by the
  /// parameters go to the sink, which takes them early.
  double operator()(const Tape& tape, const typename Stack::Extras& extras, GradientSink<Scalar>& sink) const {
    EarlySink<Scalar> early(sink);
    double value = 0;
    if (policy_.hessian_weight == 0) {
      Scalar* memory = pass_.workspace.arena(room_, Workspace<Scalar>::sweep);
      each_chunk([&](Index first, Index count) {
        const Sweep at(stack_, pass_, learned_, tape, count, memory);
        aim(at, first, count);
        at.pull();
        value += weigh(policy_.weight, at.product(), at.product_size(), at.slope());
        at.push(early);
      });
    }
    for (Index k = 0; policy_.hessian_weight > 0 && k < policy_.noise_samples; ++k)
      value += bend(tape, extras, k, early);
    return value;
  }

 private:
  /// The share of one draw of noise, with that of the plain penalty.
  double bend(const Tape& tape, const typename Stack::Extras& extras, Index draw, GradientSink<Scalar>& early) const {
    const Index n = stack_.stages[0].in.size() * pass_.batch;
    Scalar* memory = pass_.workspace.arena(2 * room_ + n, Workspace<Scalar>::sweep);
    Scalar* x = memory + 2 * room_;
    perturb(tape.input, x, draw);
    Tape noisy = stack_.tape(pass_, x, 0, Stack::code_at, extras, Workspace<Scalar>::noisy_pass);
    stack_.forward(pass_, learned_, noisy, 0, Stack::code_at);
    stack_.clear_added(pass_, noisy);
    const double share = 1 / static_cast<double>(policy_.noise_samples);
    double value = 0;
    each_chunk([&](Index first, Index count) {
      const Sweep here(stack_, pass_, learned_, tape, count, memory);
      const Sweep there(stack_, pass_, learned_, noisy, count, memory + room_);
      aim(here, first, count);
      std::copy_n(here.u(), code_size_ * pass_.batch * count, there.u());
      here.pull();
      there.pull();
      const Index size = here.product_size();
      Scalar* difference = there.slope();
      for (Index i = 0; i < size; ++i) difference[i] = here.product()[i] - there.product()[i];
      value += weigh(policy_.hessian_weight * share, difference, size, difference);
      value += weigh(policy_.weight * share, here.product(), size, here.slope());
      for (Index i = 0; i < size; ++i) {
        here.slope()[i] += difference[i];
        difference[i] = -difference[i];
      }
      here.push(early);
      there.push(early);
    });
    std::fill_n(noisy.delta[0], code_size_ * pass_.batch, Scalar(0));
    stack_.backward(pass_, learned_, noisy, 0, Stack::code_at, false, early);
    return value;
  }

  template <class Run>
  void each_chunk(const Run& run) const {
    for (Index first = 0; first < directions_; first += at_once_) run(first, std::min(at_once_, directions_ - first));
  }

  /// Sets directions first, ..., first + count - 1.
  void aim(const Sweep& sweep, Index first, Index count) const {
    Scalar* u = sweep.u();
    for (Index d = 0; d < count; ++d)
      for (Index j = 0; j < pass_.batch; ++j, u += code_size_) {
        if constexpr (Directions::random) {
          Random random(pass_.seed, Purpose::contraction, 0, pass_.step, pass_.samples[j],
                        static_cast<std::uint32_t>(first + d));
          for (Index i = 0; i < code_size_; ++i) u[i] = random.next() >> 31 ? Scalar(1) : Scalar(-1);
        } else {
          std::fill_n(u, code_size_, Scalar(0));
          u[first + d] = 1;
        }
      }
  }

  void perturb(const Scalar* from, Scalar* to, Index draw) const {
    const Index n = stack_.stages[0].in.size();
    for (Index j = 0; j < pass_.batch; ++j) {
      Random random(pass_.seed, Purpose::contraction, 1, pass_.step, pass_.samples[j],
                    static_cast<std::uint32_t>(draw));
      for (Index i = j * n; i < (j + 1) * n; ++i)
        to[i] = from[i] + static_cast<Scalar>(policy_.noise * random.normal());
    }
  }

  /// `weight` times the squares of `values`, mean over samples and, where they are drawn, directions; its derivative.
  double weigh(double weight, const Scalar* values, Index count, Scalar* slope) const {
    const Index among = pass_.batch * (Directions::random ? directions_ : 1);
    const double factor = weight / static_cast<double>(among);
    const double sum = factor * squared_norm(values, count);
    for (Index i = 0; i < count; ++i) slope[i] = static_cast<Scalar>(2 * factor) * values[i];
    return sum;
  }

  const Contractive<Directions>& policy_;
  const Stack& stack_;
  const Pass<Scalar>& pass_;
  Learned<Scalar> learned_;  ///< running statistics stay: the batch has moved them
  Index code_size_, directions_, at_once_ = 1, room_ = 0;
};

}  // namespace eigencoder::detail
