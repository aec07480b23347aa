#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/network/input_validation.hpp>
#include <eigencoder/detail/network/policy_set.hpp>
#include <eigencoder/detail/network/target_scales.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <string>
#include <vector>

namespace eigencoder::detail {

/// A legal composition: the layers with their shapes, the loss, the policies and the layout of the parameters, but no
/// parameters. `TrainingStep` trains it, `Inference` runs it; both are handed a `ModelState`.
template <class ScalarType, class LayerStack, class LossType, class... PolicyTypes>
class Network {
 public:
  using Scalar = ScalarType;
  using Stack = LayerStack;
  using Loss = LossType;
  using Policies = PolicySet<LayerStack, PolicyTypes...>;
  using State = ModelState<Scalar>;
  static constexpr std::size_t encoder_depth = LayerStack::encoder_depth;
  static constexpr std::size_t layer_count = LayerStack::size;
  static constexpr bool learns_loss = LearnedLoss<LossType>;

  /// The stack's shapes are resolved and known. @throws OptionError for a hyperparameter out of its range
  /// @throws CompositionError for more parameters than memory can hold
  [[gnu::cold]] Network(const LayerStack& layers, Shape input_shape, const LossType& the_loss,
                        const Pack<PolicyTypes...>& the_policies)
      : stack(layers), loss(the_loss), policies{the_policies}, input(input_shape), target(policies.target_of(input)),
        validation(input, target, the_loss) {
    loss.validate();
    policies.validate(SeparableLoss<LossType> && !learns_loss, LossType::name, target == input);
    policies.each([&]<std::size_t K>(const auto& policy) {
      if constexpr (requires { policy.validate_scale(scales.target); }) policy.validate_scale(scales.target);
    });
    stack.validate();
    stack.declare(layout);
    if constexpr (LayerStack::in_tasks && !Policies::has_bottleneck)
      max_single_threaded = (Pass<Scalar>::min_parallel_work - 1) /
                            stack.template work<Scalar>(Pass<Scalar>::min_parallel_work);
    if constexpr (Policies::has_bottleneck) {
      bottleneck_block_ = static_cast<Index>(layout.blocks().size());
      bottleneck_statistics_ = static_cast<Index>(layout.statistics_blocks().size());
      policies.bottleneck().declare(layout, static_cast<Index>(encoder_depth) - 1, code_layer(), code_info());
    }
    if constexpr (requires { loss.validate_size(target.size()); }) loss.validate_size(target.size());
    if constexpr (requires { loss.validate_channels(target.channels); }) loss.validate_channels(target.channels);
    if constexpr (learns_loss)
      if (const Index count = loss.learned_count(target.size()); count > 0)
        loss_block = layout.add(ParameterKind::shift, static_cast<Index>(layer_count) - 1, count, 1);
    if constexpr (ReportsTerms<LossType>) loss_terms = loss.term_names();
    if constexpr (Policies::freezes) freeze();
  }

  /// Replaces the value of a policy that freezes layers. @throws OptionError for a hyperparameter out of its range
  template <Freezes P>
  [[gnu::cold]] void set(const P& value) {
    value.validate();
    if constexpr (requires { value.validate_layers(Index{}); }) value.validate_layers(static_cast<Index>(layer_count));
    get<first_true({std::is_same_v<P, PolicyTypes>...})>(policies.policies) = value;
    freeze();
  }

  LayerStack stack;
  LossType loss;
  Policies policies;
  Shape input;
  Shape target;        ///< of the output
  TargetScales scales{input, target, TakesClasses<LossType>};  ///< for augmentation
  InputValidation<Scalar, LossType, Policies::allows_missing, Policies::sets_target> validation;
  ParameterLayout layout{static_cast<Index>(alignment / sizeof(Scalar))};
  Index loss_block = -1;          ///< the parameters of a loss that learns some; -1: it has none
  std::vector<std::string> loss_terms = {};  ///< the names of the terms that the loss reports
  Index max_single_threaded = 0;  ///< the largest batch that inference runs on the calling thread
  std::size_t first_learning = 0;  ///< the first layer with a parameter that learns; `layer_count` if none does

  /// Draws all parameters from `seed` and sets the running statistics to their initial values, in place where there are
  /// some already.
  [[gnu::cold]] void initialize(State& state, std::uint64_t seed) const {
    state.parameters.ensure_size(layout.parameters());
    state.statistics.ensure_size(layout.statistics());
    stack.initialize(layout, seed, state.parameters.data());
    for (const auto& block : layout.statistics_blocks())
      std::fill_n(state.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if constexpr (Policies::has_bottleneck)
      policies.bottleneck().initialize(layout, bottleneck_block_, bottleneck_statistics_, code_layer(), code_info(),
                                       seed, state.parameters.data(), state.statistics.data());
    if constexpr (learns_loss)
      if (loss_block >= 0)
        for (Index i = 0; i < layout.block(loss_block).size(); ++i)
          state.parameters.data()[layout.block(loss_block).offset + i] = static_cast<Scalar>(loss.initial_value(i));
  }

  /// @throws ShapeError, DataError for samples that cannot enter layer `first`
  void check_layer_input(View<Scalar> samples, std::size_t first, const char* name) const {
    if (first == 0) {
      check_rows(samples, input.size(), name);
      validation.check_values(samples, name);
    } else {
      check_rows(samples, stack.layer_info[first].in.values(), name);
      check_finite(samples, name);
    }
  }

  /// Whether a last batch of one sample joins the batch before it.
  static constexpr bool couples_batch() { return LayerStack::StackTraits::couples_batch() || Policies::couples_batch; }
  /// @throws DataError where a layer or the bottleneck cannot learn from a training batch of this size
  void check_batch(Index batch) const {
    if (batch == 1 && stack.needs_two_samples()) refuse_batch_of_one("BatchNorm");
    if constexpr (Policies::couples_batch)
      if (batch == 1) refuse_batch_of_one(policies.bottleneck().terms[0].name);
  }

  /// The number of values in a code.
  Index code_size() const { return code_info().out.values(); }

  /// The parameters as a pass reads them. Running statistics are updated in `updated`, unless null.
  ParameterView<Scalar> view(const State& state, Scalar* updated = nullptr) const {
    return {layout, state.parameters.data(), state.statistics.data(), updated};
  }

  /// The loss at its learned values.
  decltype(auto) loss_at([[maybe_unused]] const ParameterView<Scalar>& parameters) const {
    if constexpr (learns_loss) return loss.at(parameters.block(loss_block));
    else return (loss);
  }

  /// What the bottleneck sees of a pass.
  auto bottleneck_context(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters,
                          const Tape<Scalar, layer_count>& tape) const {
    using Layer = typename LayerStack::template LayerAt<encoder_depth - 1>;
    return BottleneckContext<Scalar, Layer>{pass,
                                            parameters,
                                            code_layer(),
                                            code_info(),
                                            bottleneck_block_,
                                            bottleneck_statistics_,
                                            tape.input_of(encoder_depth - 1),
                                            tape.output[encoder_depth - 1],
                                            tape.latent,
                                            tape.bottleneck_cache,
                                            nullptr};
  }

  /// Which parameter blocks get early contributions to their gradient.
  [[gnu::cold]] std::vector<bool> early_blocks() const {
    return policies.early_blocks(stack, layout, bottleneck_block_);
  }

  /// The terms of an epoch of `seen` samples, from their sums over it and, for weight decay, from the parameters now.
  [[gnu::cold]] std::vector<Term> terms(const State& state, const double* sums, Index seen) const {
    std::vector<Term> found = policies.terms(layout, state.parameters.data(), sums, seen);
    if constexpr (counting_layer != encoder_depth)
      found.push_back({"dead units", static_cast<double>(count_dead_units(state, seen)), false});
    add_loss_terms(sums + Policies::term_count, static_cast<double>(seen), found);
    return found;
  }
  /// The number of sums that `terms` takes: those of the policies, then those of the loss.
  std::size_t term_count() const { return Policies::term_count + loss_terms.size(); }

  /// Appends the terms that the loss reports, from their sums over `count` samples.
  [[gnu::cold]] void add_loss_terms(const double* sums, double count, std::vector<Term>& terms) const {
    for (const std::string& name : loss_terms) terms.push_back({name, *sums++ / count, false});
  }

 private:
  /// The layer that counts which units of the code are active: the encoder's last one before its activations;
  /// `encoder_depth` if none does.
  static constexpr std::size_t counting_layer = [] {
    std::size_t found = encoder_depth;
    bool searching = true;
    LayerStack::template each<0, encoder_depth>([&]<std::size_t K>() {
      using L = typename LayerStack::template LayerAt<encoder_depth - 1 - K>;
      if (searching && CountsFiring<L>) found = encoder_depth - 1 - K;
      searching = searching && kind<L> == LayerKind::pointwise;
    });
    return found;
  }();

  /// Marks the layers that policies freeze, and the blocks of their parameters. A loss's parameters are no layer's.
  [[gnu::cold]] void freeze() {
    first_learning = layer_count;
    for (std::size_t i = 0; i < layer_count; ++i)
      stack.layer_info[i].frozen = policies.freezes_layer(static_cast<Index>(i));
    for (Index i = 0; i < static_cast<Index>(layout.blocks().size()); ++i) {
      const auto layer = static_cast<std::size_t>(layout.block(i).layer);
      layout.set_frozen(i, stack.layer_info[layer].frozen && i != loss_block);
      if (!stack.layer_info[layer].frozen && i != loss_block) first_learning = (std::min)(first_learning, layer);
    }
  }

  [[noreturn, gnu::cold]] static void refuse_batch_of_one(std::string_view who) {
    throw DataError(message({who, " needs at least two samples in a batch that it learns from, got one"}));
  }

  const auto& code_layer() const { return get<encoder_depth - 1>(stack.layers); }
  const LayerInfo& code_info() const { return stack.layer_info[encoder_depth - 1]; }

  /// Units of the code that were not active on any of the last `seen` training samples.
  Index count_dead_units(const State& state, Index seen) const {
    const auto& block = layout.statistics_block(stack.layer_info[counting_layer].first_statistics);
    const Scalar* since_active = state.statistics.data() + block.offset;
    const double epoch = (std::min)(static_cast<double>(seen), static_cast<double>(max_counted));
    const auto is_dead = [&](Scalar samples) { return static_cast<double>(samples) >= epoch; };
    return std::count_if(since_active, since_active + block.size, is_dead);
  }

  Index bottleneck_block_ = 0, bottleneck_statistics_ = 0;
};

}  // namespace eigencoder::detail
