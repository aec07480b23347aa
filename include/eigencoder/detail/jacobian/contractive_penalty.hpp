#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/jacobian/gram.hpp>
#include <eigencoder/detail/jacobian/jacobian.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// The penalty of a `Contractive` policy on one batch, after the encoder's forward pass, and its derivatives. With J
/// the Jacobian of the code by the input x, it is the mean over the samples of
///
///     weight ||J(x)||_F^2 + hessian_weight E_e ||J(x) - J(x + e)||_F^2
///
/// (Rifai et al. 2011, "Contractive auto-encoders", eq. 5, and "Higher order contractive auto-encoder", eq. 7). The
/// norms are sums of ||J^T u||^2 over directions u: all unit vectors of the code, or random probes.
template <class Scalar, class Stack, class Policy>
class ContractivePenalty {
  using Tape = detail::Tape<Scalar, Stack::size>;
  using PassRequirements = typename Stack::PassRequirements;
  using Jacobian = detail::Jacobian<Scalar, Stack>;

 public:
  ContractivePenalty(const Policy& policy, const Stack& stack, const Pass<Scalar>& pass,
                     const ParameterView<Scalar>& parameters)
      : policy_(policy),
        stack_(stack),
        pass_(pass),
        parameters_{parameters.layout, parameters.parameters, parameters.statistics},
        code_size_(stack.layer_info[Stack::encoder_depth - 1].out.values()),
        directions_(separate ? 1 : policy.directions.directions(code_size_)) {
    const Index in = stack.layer_info[0].in.values(), out = stack.layer_info[0].out.values();
    const Index columns = pass.batch * directions_;
    const bool fewer_products = 2 * out * (in + columns) < 3 * in * columns;
    const bool uses_gram = separate || (Jacobian::begins_dense && fewer_products);
    first_layer_ = uses_gram ? 1 : 0;
    // Chunks of directions depend on sizes alone: many columns for each product, within the size of a cache.
    constexpr Index max_values = Index{1} << 20;
    const Index values_per_direction = Jacobian::scratch_size(stack, first_layer_) * pass.batch;
    chunk_ = std::clamp<Index>(max_values / values_per_direction, 1, directions_);
    scratch_size_ = values_per_direction * chunk_;
  }

  /// Returns the penalty. Its derivatives by layers' outputs are added to `tape.extra_gradients`; those by parameters
  /// go to the sink as early contributions.
  double operator()(const Tape& tape, const PassRequirements& requirements, GradientSink<Scalar>& sink) const {
    EarlySink<Scalar> early(sink);
    const Index inputs = stack_.layer_info[0].in.values(), outputs = stack_.layer_info[0].out.values();
    const bool noisy = policy_.hessian_weight > 0;
    const Index values = noisy ? 2 * scratch_size_ + inputs * pass_.batch : scratch_size_;
    const Index gram_values = first_layer_ > 0 ? Gram<Scalar>::scratch_size(outputs, separate) : 0;
    Scalar* scratch = pass_.workspace.arena(values + gram_values, Workspace<Scalar>::penalty).data();
    const auto penalty = [&](const auto& norm) {
      if (!noisy) return first_order(tape, norm, scratch, early);
      double value = 0;
      for (Index k = 0; k < policy_.noise_draws; ++k)
        value += second_order(tape, requirements, k, norm, scratch, early);
      return value;
    };
    if constexpr (Jacobian::begins_dense)
      if (first_layer_ > 0) {
        const Gram<Scalar> gram(pass_, stack_.template kernel<0>(parameters_), separate, scratch + values);
        const double value = penalty(gram);
        gram.weight_gradient(stack_.layer_info[0].blocks, early);
        return value;
      }
    return penalty(PlainNorm<Scalar>{pass_});
  }

 private:
  /// Whether each value of the code depends on a single output of a dense first layer. One direction, of ones, then
  /// serves all units, see `Gram`.
  static constexpr bool separate = !Policy::random && Jacobian::begins_dense && Jacobian::continues_pointwise;

  template <class Norm>
  double first_order(const Tape& tape, const Norm& norm, Scalar* scratch, GradientSink<Scalar>& early) const {
    double value = 0;
    for_each_chunk([&](Index first, Index count) {
      const Jacobian jacobian(stack_, pass_, parameters_, tape, first_layer_, count, scratch);
      draw_directions(jacobian, first, count);
      jacobian.vjp();
      value += norm.value_and_gradient(factor(policy_.weight), jacobian.product(), jacobian.product_size(),
                                       jacobian.tangent());
      jacobian.accumulate_gradients(early);
    });
    return value;
  }

  /// The share of one draw of noise in both terms.
  template <class Norm>
  double second_order(const Tape& tape, const PassRequirements& requirements, Index draw, const Norm& norm,
                      Scalar* scratch, GradientSink<Scalar>& early) const {
    Scalar* x = scratch + 2 * scratch_size_;
    add_noise(tape.input, x, draw);
    Tape noisy_tape = stack_.tape(pass_, x, 0, Stack::encoder_depth, requirements, Workspace<Scalar>::noisy_pass);
    stack_.forward(pass_, parameters_, noisy_tape, 0, Stack::encoder_depth);
    stack_.clear_extra_gradients(pass_, noisy_tape);
    const double share = 1 / static_cast<double>(policy_.noise_draws);
    double value = 0;
    for_each_chunk([&](Index first, Index count) {
      const Jacobian clean(stack_, pass_, parameters_, tape, first_layer_, count, scratch);
      const Jacobian noisy(stack_, pass_, parameters_, noisy_tape, first_layer_, count, scratch + scratch_size_);
      draw_directions(clean, first, count);
      std::copy_n(clean.directions(), code_size_ * pass_.batch * count, noisy.directions());
      clean.vjp();
      noisy.vjp();
      const Index size = clean.product_size();
      parallel_values(pass_, size, 2, [&](Index i) { noisy.product()[i] = clean.product()[i] - noisy.product()[i]; });
      value += norm.value_and_gradient(factor(policy_.hessian_weight * share), noisy.product(), size,
                                       noisy.tangent());
      value += norm.value_and_gradient(factor(policy_.weight * share), clean.product(), size, clean.tangent());
      parallel_values(pass_, size, 2, [&](Index i) {
        clean.tangent()[i] += noisy.tangent()[i];
        noisy.tangent()[i] = -noisy.tangent()[i];
      });
      clean.accumulate_gradients(early);
      noisy.accumulate_gradients(early);
    });
    std::fill_n(noisy_tape.delta[0], code_size_ * pass_.batch, Scalar(0));
    stack_.backward(pass_, parameters_, noisy_tape, 0, Stack::encoder_depth, false, early);
    return value;
  }

  /// Calls `run(first, count)` for each chunk of directions.
  template <class Run>
  void for_each_chunk(const Run& run) const {
    for (Index first = 0; first < directions_; first += chunk_) run(first, (std::min)(chunk_, directions_ - first));
  }

  /// Sets directions first, ..., first + count - 1: unit vectors, or signs keyed by (seed, step, sample, direction).
  void draw_directions(const Jacobian& jacobian, Index first, Index count) const {
    const Index columns = pass_.batch * count;
    parallel_for(columns, pass_.team(columns * code_size_), [&](Index column, int) {
      Scalar* u = jacobian.directions() + column * code_size_;
      const Index direction = first + column / pass_.batch;
      std::fill_n(u, code_size_, Scalar(separate ? 1 : 0));
      if constexpr (Policy::random) {
        Random random(pass_.seed, Purpose::contraction, 0, pass_.step, pass_.indices[column % pass_.batch],
                      static_cast<std::uint32_t>(direction));
        for (Index i = 0; i < code_size_; ++i) u[i] = random.next() >> 31 ? Scalar(1) : Scalar(-1);
      } else {
        u[direction] = 1;
      }
    });
  }

  /// to = from + e, with normal noise e keyed by (seed, step, sample, draw).
  void add_noise(const Scalar* from, Scalar* to, Index draw) const {
    const Index n = stack_.layer_info[0].in.values();
    parallel_for(pass_.batch, pass_.team(n * pass_.batch * 8), [&](Index j, int) {
      Random random(pass_.seed, Purpose::contraction, 1, pass_.step, pass_.indices[j],
                    static_cast<std::uint32_t>(draw));
      for (Index i = j * n; i < (j + 1) * n; ++i)
        to[i] = from[i] + static_cast<Scalar>(policy_.noise * random.normal());
    });
  }

  /// The factor of a sum of squares: a mean over the samples and, for random directions, over the directions.
  double factor(double weight) const {
    return weight / static_cast<double>(pass_.batch * (Policy::random ? directions_ : 1));
  }

  const Policy& policy_;
  const Stack& stack_;
  const Pass<Scalar>& pass_;
  ParameterView<Scalar> parameters_;  ///< without `updated`: the forward pass has updated the running statistics
  Index code_size_, directions_;
  Index first_layer_ = 0;   ///< 1 where `Gram` takes the place of the first layer
  Index chunk_ = 1;         ///< the number of directions computed together
  Index scratch_size_ = 0;  ///< the number of values that a `Jacobian` needs for a chunk
};

}  // namespace eigencoder::detail
