#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/network/input_validation.hpp>
#include <eigencoder/detail/network/policy_set.hpp>
#include <eigencoder/detail/pretraining/rbm_products.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/pretraining/contrastive_divergence.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder::detail {

/// The least variance that data give to a visible unit: without noise some value of theirs may have none.
inline constexpr double min_initial_variance = 1e-4;

/// How the chains of training run.
struct ChainOptions {
  Index steps = 1;
  Index chains = 0;  ///< persistent ones; 0: each sample of a batch starts one of its own
  bool draw_visible = true;
  bool centered = false;
};

inline ChainOptions chain_options(const ContrastiveDivergence& policy) {
  return {policy.steps, 0, policy.draw_visible, policy.centered};
}
inline ChainOptions chain_options(const PersistentContrastiveDivergence& policy) {
  return {policy.steps, policy.chains, true, policy.centered};
}
/// Whether a policy estimates the gradient of an `Rbm`.
template <class P>
concept RunsChains = requires(const P& policy) { chain_options(policy); };

/// What a set of policies asks of the layers of a model: an `Rbm` is one layer.
struct RbmStack {
  static constexpr std::size_t encoder_depth = 1;
  struct PassRequirements {};
};

/// A restricted Boltzmann machine without its parameters: the units, the policies and the layout. The statistics are
/// persistent chains (visible states) and, of centered units, the running means and the number of batches in them.
template <class ScalarType, class VisibleUnits, class HiddenUnits, class... PolicyTypes>
class RbmNetwork {
 public:
  using Scalar = ScalarType;
  using Visible = VisibleUnits;
  using Hidden = HiddenUnits;
  using Loss = typename VisibleUnits::Loss;
  using Policies = PolicySet<RbmStack, PolicyTypes...>;
  using State = ModelState<Scalar>;

  /// @throws CompositionError for sizes below 1, and for hidden units with a variance to learn
  [[gnu::cold]] RbmNetwork(const Visible& visible_units, const Hidden& hidden_units,
                           const Pack<PolicyTypes...>& the_policies)
      : visible(visible_units), hidden(hidden_units), policies{the_policies} {
    require_size(Visible::name, visible.size);
    require_size(Hidden::name, hidden.size);
    if (hidden.learn_variance)
      throw CompositionError(
          "eigencoder: hidden GaussianUnits have a variance of 1: learn_variance is for visible units");
    policies.each([&]<std::size_t K>(const auto& policy) {
      policy.validate();
      if constexpr (RunsChains<std::remove_cvref_t<decltype(policy)>>) chain = chain_options(policy);
    });
    weight = add_block("weight", ParameterKind::weight, hidden.size, visible.size);
    hidden_bias = add_block("bias", ParameterKind::bias, hidden.size);
    visible_bias = add_block("visible_bias", ParameterKind::bias, visible.size);
    if (visible.learn_variance) log_variance = add_block("log_variance", ParameterKind::shift, visible.size);
    if (chain.chains > 0) chains = add_statistics<Visible>("chains", chain.chains, visible.size);
    if (chain.centered) {
      visible_mean = add_statistics<Visible>("visible_mean", 1, visible.size);
      hidden_mean = add_statistics<Hidden>("hidden_mean", 1, hidden.size);
      tensor_names_.push_back("mean_batches");
      mean_batches = layout.add_statistics(0, 1, 0, {ValueRange{0, max_mean_batches}});
    }
  }

  /// The number of batches in a running mean at which counting ends.
  static constexpr double max_mean_batches = 100;

  Visible visible;
  Hidden hidden;
  Policies policies;
  ChainOptions chain;
  Shape input = Shape::flat(visible.size);
  InputValidation<Scalar, Loss, false, false> validation{input, input, Loss{}};
  ParameterLayout layout{static_cast<Index>(alignment / sizeof(Scalar))};
  Index weight = 0, hidden_bias = 0, visible_bias = 0, log_variance = -1;  ///< blocks of parameters; -1: there is none
  Index chains = -1, visible_mean = -1, hidden_mean = -1, mean_batches = -1;  ///< blocks of statistics; -1: none

  /// Draws weights from N(0, 0.01^2) and sets the other parameters to 0. Source: Hinton, "A practical guide to training
  /// restricted Boltzmann machines" (2010), section 8.
  [[gnu::cold]] void initialize(State& state, std::uint64_t seed) const {
    state.parameters.ensure_size(layout.parameters());
    state.statistics.ensure_size(layout.statistics());
    state.parameters.fill(Scalar(0));
    state.statistics.fill(Scalar(0));
    Random random(seed, Purpose::initialization);
    const ParameterBlock& block = layout.block(weight);
    for (Index i = 0; i < block.size(); ++i)
      state.parameters.data()[block.offset + i] = static_cast<Scalar>(0.01 * random.normal());
    start_chains(state, seed);
  }

  /// The same with the visible units' own distribution fitted to data: biases log(p / (1 - p)) of the mean p or, of
  /// Gaussian units, the mean; log-variances those of the data. Source: the same section.
  [[gnu::cold]] void initialize(State& state, std::uint64_t seed, View<Scalar> samples) const {
    initialize(state, seed);
    const auto count = static_cast<double>(samples.cols());
    std::vector<double> mean(static_cast<std::size_t>(visible.size)), variance(mean.size());
    for (Index j = 0; j < samples.cols(); ++j)
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<double>(samples.column(j)[i]) / count;
    for (Index j = 0; j < samples.cols(); ++j)
      for (std::size_t i = 0; i < mean.size(); ++i) {
        const double error = static_cast<double>(samples.column(j)[i]) - mean[i];
        variance[i] += error * error / count;
      }
    Scalar* const all = state.parameters.data();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const double p = (mean[i] * count + 0.5) / (count + 1);  // so that none is 0 or 1
      all[layout.block(visible_bias).offset + static_cast<Index>(i)] =
          static_cast<Scalar>(Visible::in_unit_interval ? std::log(p / (1 - p)) : mean[i]);
      if (log_variance >= 0)
        all[layout.block(log_variance).offset + static_cast<Index>(i)] =
            static_cast<Scalar>(std::log((std::max)(variance[i], min_initial_variance)));
    }
    start_chains(state, seed);
  }

  RbmParameters<Scalar> parameters(const State& state) const {
    const Scalar* const all = state.parameters.data();
    const auto block = [&](Index i) { return i < 0 ? nullptr : all + layout.block(i).offset; };
    return {block(weight), block(visible_bias), block(hidden_bias), block(log_variance), visible.size, hidden.size};
  }
  /// The first value of a block of statistics.
  Index statistics_offset(Index block) const { return layout.statistics_block(block).offset; }

  std::vector<Term> terms(const State& state, const double* sums, Index seen) const {
    return policies.terms(layout, state.parameters.data(), sums, seen);
  }
  static constexpr std::size_t term_count() { return Policies::term_count; }

  /// Describes the machine for its files, to a `ModelSchema`: one layer with all blocks.
  template <class Schema>
  [[gnu::cold]] void describe(Schema& schema) const {
    schema.input = schema.target = input;
    schema.encoder_depth = 1;
    schema.layout = layout;
    auto& layer = schema.layers.emplace_back();
    layer.name = "Rbm<" + std::string(Visible::name) + ", " + std::string(Hidden::name) + ">";
    layer.info.in = input;
    layer.info.out = Shape::flat(hidden.size);
    layer.kind = LayerKind::custom;
    layer.tensors = tensor_names_;
    schema.loss = Loss::name;
  }

 private:
  static void require_size(std::string_view who, Index size) {
    if (size < 1)
      Diagnosis{Rule::positive_size, who, Text::of(static_cast<long long>(size)), "at least 1"}.require_ok();
  }

  /// Draws the states of persistent chains from the visible units without weights.
  void start_chains(State& state, std::uint64_t seed) const {
    RbmParameters<Scalar> p = parameters(state);
    std::vector<Scalar> memory(static_cast<std::size_t>(p.variance_memory()));
    p = with_variances(p, memory.data());
    for (Index j = 0; chains >= 0 && j < chain.chains; ++j)
      visible.draw(p.visible_bias, p.stddev, state.statistics.data() + statistics_offset(chains) + j * visible.size,
                   Random(seed, Purpose::initialization, 1, 0, static_cast<std::uint32_t>(j)));
  }

  Index add_block(std::string_view name, ParameterKind kind, Index rows, Index cols = 1) {
    tensor_names_.push_back(name);
    return layout.add(kind, 0, rows, cols);
  }
  /// @throws CompositionError for more values than memory can hold
  template <class Units>
  Index add_statistics(std::string_view name, Index columns, Index size) {
    if (columns > max_bytes / static_cast<Index>(sizeof(Scalar)) / size)
      throw CompositionError(message({"eigencoder: an Rbm with ", columns, " chains of ", size,
                                      " visible units each: more values than memory can hold"}));
    tensor_names_.push_back(name);
    return layout.add_statistics(0, columns * size, 0, {Units::in_unit_interval ? ValueRange{0, 1} : ValueRange{}});
  }

  std::vector<std::string_view> tensor_names_;  ///< of the blocks of parameters, then of statistics
};

}  // namespace eigencoder::detail
