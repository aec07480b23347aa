#pragma once

#include <cmath>
#include <eigencoder/core/pack.hpp>
#include <eigencoder/corruption/concepts.hpp>
#include <eigencoder/data/augments.hpp>
#include <eigencoder/data/check.hpp>
#include <eigencoder/evaluation/evaluation.hpp>
#include <eigencoder/learning.hpp>
#include <eigencoder/penalties/concepts.hpp>
#include <eigencoder/training/state.hpp>
#include <limits>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// How many terms a policy adds to each batch's.
template <class P>
inline constexpr std::size_t term_count_of = PenalizesActivations<P> || contracts<P> ? 1 : 0;
template <Bottleneck P>
inline constexpr std::size_t term_count_of<P> = std::size(P::terms);

/// Whether a layer keeps account, in its first statistics, of the samples since each unit fired.
template <class L>
inline constexpr bool counts_firing = requires { requires L::counts_firing; };

/// A legal composition, without learned values: those are handed in, so everything here is const. `Learning` walks a
/// batch through it.
template <class Scalar, class LayerStack, class LossType, class... Policies>
class Network {
  static constexpr std::size_t code_at = LayerStack::code_at;

 public:
  static constexpr std::size_t layer_count = LayerStack::size;
  using Samples = View<Scalar>;
  using Values = Resumable<Scalar>;

  LayerStack stack;
  Shape input;
  LossType loss;
  Pack<Policies...> policies;
  ParameterLayout layout{static_cast<Index>(alignment / sizeof(Scalar))};

  static constexpr bool augments = (Augments<Policies> || ...);
  static constexpr bool corrupts = (Corrupts<Policies> || ...);
  static constexpr bool learns_loss = LearnedLoss<LossType>;
  static constexpr bool has_bottleneck = (Bottleneck<Policies> || ...);
  static constexpr bool weighs_draws = (WeighsDraws<Policies> || ...);

  Index loss_block = -1;  ///< the parameter of a loss that learns

  /// The stack's shapes are resolved. Throws where a size is missing or a hyperparameter out of range.
  [[gnu::cold]] void build() {
    loss.validate();
    each_policy([]<std::size_t I>(const auto& policy) { policy.validate(); });
    if constexpr (!SeparableLoss<LossType>)
      each_policy([]<std::size_t I>(const auto& policy) {
        if constexpr (Emphasizes<std::remove_cvref_t<decltype(policy)>>)
          if (policy.emphasizes())
            throw OptionError(message({"Denoising: weights for corrupted and intact values want a loss that treats each "
                                       "value by itself, such as SquaredError; got ", LossType::name}));
      });
    stack.validate();
    stack.declare(layout);
    if constexpr (has_bottleneck) {
      bottleneck_block_ = static_cast<Index>(layout.blocks().size());
      bottleneck_statistics_ = static_cast<Index>(layout.statistics_blocks().size());
      bottleneck().declare(layout, static_cast<Index>(code_at) - 1, get<code_at - 1>(stack.layers), code_stage());
    }
    if constexpr (learns_loss)
      loss_block = layout.add(ParameterKind::shift, static_cast<Index>(layer_count) - 1, 1, 1);
  }

  [[gnu::cold]] void initialize(Values& values, std::uint64_t seed) const {
    values.parameters.require(layout.parameters());  // in place, if there are values already
    values.statistics.require(layout.statistics());
    stack.initialize(layout, seed, values.parameters.data());
    for (const auto& block : layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if constexpr (has_bottleneck)
      bottleneck().initialize(layout, bottleneck_block_, bottleneck_statistics_, get<code_at - 1>(stack.layers),
                              code_stage(), seed, values.parameters.data(), values.statistics.data());
    if constexpr (learns_loss)
      values.parameters.data()[layout.block(loss_block).offset] = static_cast<Scalar>(loss.initial());
  }

  /// Throws unless this network can learn or judge these pairs of inputs and targets; the names say whose they are.
  [[gnu::cold]] void check(Samples inputs, Samples targets, const char* inputs_name, const char* targets_name) const {
    check_rows(inputs, input.size(), inputs_name);
    if (static_cast<std::uint64_t>(inputs.cols()) > std::numeric_limits<std::uint32_t>::max())
      throw DataError(message({inputs_name, ": ", inputs.cols(), " samples, the most are 4294967295"}));
    check_finite(inputs, inputs_name);
    if (targets != inputs) {
      check_rows(targets, input.size(), targets_name);
      check_finite(targets, targets_name);
      if (targets.cols() != inputs.cols())
        throw ShapeError(message({targets_name, ": ", targets.cols(), " for ", inputs.cols(), " inputs"}));
    }
    check_range(targets, loss, input.channels, targets_name);
  }

  /// Throws unless these samples can enter layer `first`.
  void check(Samples samples, std::size_t first, const char* name) const {
    check_rows(samples, stack.stages[first].in.size(), name);
    check_finite(samples, name);
  }

  /// Throws where a layer would see a single value of each feature in a training batch of so many samples.
  void check_batch(Index batch) const {
    if (batch == 1 && stack.needs_two_samples())
      throw DataError("eigencoder: BatchNorm needs at least two samples in a batch that it learns from, got one");
  }

  /// One training batch: the columns `pass.samples` of the data, forward and backward. Returns the objective summed
  /// over the samples, but for penalties on weights alone, and adds each term's sum to `sums`; the gradient of the mean
  /// goes to the sink, running statistics to `updated` (unless null).
  double learn(const Pass<Scalar>& pass, const Values& values, Samples inputs, Samples targets, Scalar* updated,
               double* sums, GradientSink<Scalar>& sink) const {
    check_batch(pass.batch);
    const Learned<Scalar> learned{layout, values.parameters.data(), values.statistics.data(), updated};
    return Learning<Scalar, Network>(*this, pass, learned, sums)(inputs, targets, sink);
  }

  /// Layers first, ..., last - 1 in inference on `batch` contiguous columns, and the bottleneck where the code is among
  /// what they make; the result lies in the workspace. `sums`, unless null, get the bottleneck's terms.
  Scalar* infer(Workspace<Scalar>& workspace, const Values& values, const Scalar* x, Index batch, std::size_t first,
                std::size_t last, double* sums = nullptr) const {
    const Pass<Scalar> pass{workspace, batch};
    const Learned<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
    typename LayerStack::Extras extras;
    if (has_bottleneck && sums) extras.bottleneck = kept(batch);
    const auto tape = stack.tape(pass, x, first, last, extras);
    if constexpr (has_bottleneck) {
      if (first < code_at && last >= code_at) {
        stack.forward(pass, learned, tape, first, code_at);
        const auto stage = bottleneck_stage(pass, learned, tape);
        if (sums) bottleneck().measure(stage, sums);
        if constexpr (requires { bottleneck().infer(stage); }) bottleneck().infer(stage);
        first = code_at;
      }
    }
    stack.forward(pass, learned, tape, first, last);
    workspace.level();
    return tape.output[last - 1];
  }

  /// The loss's mean of `batch` outputs, in place.
  void mean(Scalar* outputs, Index batch) const {
    for (Index j = 0; j < batch; ++j) loss.mean(outputs + j * input.size(), input.size(), input.channels);
  }

  /// The same on samples that passed `check`, stored in any way; with `as_mean` the loss's mean follows the last layer.
  Samples transform(Workspace<Scalar>& workspace, const Values& values, Samples samples, std::size_t first,
                    std::size_t last, bool as_mean) const {
    const Scalar* x = samples.data();
    if (samples.stride() != samples.rows() || workspace.holds(x)) {
      Scalar* packed = workspace.inputs(samples.rows() * samples.cols());
      for (Index j = 0; j < samples.cols(); ++j)
        std::copy_n(samples.column(j), samples.rows(), packed + j * samples.rows());
      x = packed;
    }
    Scalar* y = infer(workspace, values, x, samples.cols(), first, last);
    if (last == layer_count && as_mean) mean(y, samples.cols());
    return {y, stack.stages[last - 1].out.size(), samples.cols()};
  }

  /// Loss and squared error over some columns of the data, in inference.
  [[gnu::cold]] Evaluation assess(Workspace<Scalar>& workspace, const Values& values, Samples inputs, Samples targets,
                                  std::span<const std::uint32_t> places) const {
    const Index n = input.size();
    const Learned<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
    const auto& bound = loss_of(learned);
    std::vector<double> sums(term_count);
    double loss_sum = 0, square_sum = 0;
    for (std::size_t first = 0; first < places.size(); first += inference_batch) {
      const auto some = places.subspan(first, std::min<std::size_t>(inference_batch, places.size() - first));
      const Pass<Scalar> pass{workspace, static_cast<Index>(some.size())};
      Scalar* x = workspace.inputs(n * pass.batch);
      Scalar* t = workspace.targets(n * pass.batch);
      for (Index j = 0; j < pass.batch; ++j) {
        std::copy_n(inputs.column(some[static_cast<std::size_t>(j)]), n, x + j * n);
        std::copy_n(targets.column(some[static_cast<std::size_t>(j)]), n, t + j * n);
      }
      Scalar* y = infer(workspace, values, x, pass.batch, 0, layer_count, sums.data() + bottleneck_slot);
      loss_sum += batch_loss<Scalar>(pass, bound, y, t, nullptr, n, input.channels, 1, workspace.losses(pass.batch));
      mean(y, pass.batch);
      for (Index i = 0; i < n * pass.batch; ++i) y[i] -= t[i];
      square_sum += squared_norm(y, n * pass.batch);
    }
    const auto count = static_cast<double>(places.size());
    const double mse = square_sum / count / static_cast<double>(n);
    Evaluation found{static_cast<Index>(places.size()), loss_sum / count, mse, -10 * std::log10(mse), {}};
    each_policy([&]<std::size_t I>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Bottleneck<P>)
        for (std::size_t k = 0; k < std::size(P::terms); ++k)
          found.terms.push_back({P::terms[k].name, sums[slot<I>() + k] / count, P::terms[k].counted});
    });
    return found;
  }

  /// The lambda of weight decay for each parameter block.
  [[gnu::cold]] std::vector<double> decay() const {
    std::vector<double> factors;
    for (const auto& block : layout.blocks()) {
      factors.push_back(0);
      each_policy([&]<std::size_t I>(const auto& policy) {
        if constexpr (Decays<std::remove_cvref_t<decltype(policy)>>) factors.back() += policy.decay(block);
      });
    }
    return factors;
  }

  /// Which parameter blocks get early contributions to their gradient: what a contractive penalty walks through.
  [[gnu::cold]] std::vector<bool> early() const {
    std::vector<bool> found;
    for (const auto& block : layout.blocks()) {
      const bool twin = has_bottleneck && static_cast<Index>(found.size()) >= bottleneck_block_;
      found.push_back((contracts<Policies> || ...) && !twin && block.layer < static_cast<Index>(code_at));
    }
    return found;
  }

  /// The terms of an epoch of `seen` samples, from their sums over it and, of weight decay, from the values now.
  [[gnu::cold]] std::vector<Term> terms(const Values& values, const double* sums, Index seen) const {
    std::vector<Term> found;
    const auto told = [&](const TermName& term, double sum) {
      found.push_back({term.name, sum / static_cast<double>(seen), term.counted});
    };
    each_policy([&]<std::size_t I>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Bottleneck<P>)
        for (std::size_t k = 0; k < std::size(P::terms); ++k) told(P::terms[k], sums[slot<I>() + k]);
      else if constexpr (requires { std::string_view(P::term); }) told({P::term}, sums[slot<I>()]);
      else if constexpr (term_count_of<P> > 0) told({P::kind}, sums[slot<I>()]);
      if constexpr (Decays<P>) {
        double sum = 0;
        for (const auto& block : layout.blocks())
          if (const double lambda = policy.decay(block); lambda != 0)
            sum += lambda / 2 * squared_norm(values.parameters.data() + block.offset, block.size());
        found.push_back({P::kind, sum, true, true});
      }
    });
    if constexpr (counts_firing<typename LayerStack::template At<code_at - 1>>)
      found.push_back({"dead units", static_cast<double>(dead_units(values, seen)), false});
    return found;
  }

  /// The slots of `sums`: for each policy its terms, in order.
  static constexpr std::size_t term_count = (std::size_t{0} + ... + term_count_of<Policies>);
  template <std::size_t I>
  static constexpr std::size_t slot() {
    constexpr std::size_t counts[] = {term_count_of<Policies>..., 0};
    std::size_t before = 0;
    for (std::size_t k = 0; k < I; ++k) before += counts[k];
    return before;
  }

  /// Calls `visit.template operator()<I>(policy)` for each policy.
  template <class Visit>
  void each_policy(const Visit& visit) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit.template operator()<I>(get<I>(policies)), ...);
    }(std::index_sequence_for<Policies...>());
  }

  /// The layer whose output a policy looks at: the one at its place, or the code's.
  template <class P>
  static constexpr std::size_t place() {
    return P::place >= 0 ? static_cast<std::size_t>(P::place) : code_at - 1;
  }

  /// What policies need of a pass over so many samples.
  auto extras(Index batch) const {
    typename LayerStack::Extras extras;
    each_policy([&]<std::size_t I>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (PenalizesActivations<P>) extras.kept[place<P>()] = extras.added[place<P>()] = true;
      if constexpr (contracts<P>)
        LayerStack::template each<1, code_at>([&]<std::size_t K>() {
          if (bends<typename LayerStack::template At<K>>) extras.added[K - 1] = true;
        });
      if constexpr (Bottleneck<P>) {
        if constexpr (code_at > 1) extras.added[code_at - 2] = true;
        extras.draws = policy.draws();
        extras.bottleneck = kept(batch);
      }
    });
    return extras;
  }

  /// The loss with what it has learned.
  decltype(auto) loss_of([[maybe_unused]] const Learned<Scalar>& learned) const {
    if constexpr (learns_loss) return loss.at(static_cast<double>(*learned.block(loss_block)));
    else return (loss);
  }

  static constexpr std::size_t bottleneck_at = [] {
    const bool is[] = {Bottleneck<Policies>..., true};
    std::size_t i = 0;
    while (!is[i]) ++i;
    return i;
  }();
  static constexpr std::size_t bottleneck_slot = slot<bottleneck_at>();
  const auto& bottleneck() const { return get<bottleneck_at>(policies); }
  auto bottleneck_stage(const Pass<Scalar>& pass, const Learned<Scalar>& learned,
                        const Tape<Scalar, layer_count>& tape) const {
    const auto& layer = get<code_at - 1>(stack.layers);
    return BottleneckStage<Scalar, std::remove_cvref_t<decltype(layer)>>{
        pass,   learned, layer, code_stage(), bottleneck_block_, bottleneck_statistics_, tape.into(code_at - 1),
        tape.output[code_at - 1], tape.latent, tape.bottleneck, nullptr};
  }
  /// What the bottleneck's terms add to the objective.
  static double counted(const double* sums) {
    double sum = 0;
    using B = Element<bottleneck_at, Pack<Policies...>>;
    for (std::size_t k = 0; k < std::size(B::terms); ++k) sum += B::terms[k].counted ? sums[k] : 0;
    return sum;
  }

  /// Samples that pass through the network at a time in inference.
  static constexpr Index inference_batch = 256;

 private:
  const Stage& code_stage() const { return stack.stages[code_at - 1]; }
  Index kept([[maybe_unused]] Index batch) const {
    if constexpr (has_bottleneck) return bottleneck().kept(code_stage(), batch);
    else return 0;
  }

  /// Units of the code that have not fired on any of the last `seen` training samples.
  Index dead_units(const Values& values, Index seen) const {
    const auto& block = layout.statistics_block(code_stage().first_statistics);
    const Scalar* since = values.statistics.data() + block.offset;
    return std::count_if(since, since + block.size, [&](Scalar n) { return static_cast<double>(n) >= static_cast<double>(seen); });
  }

  Index bottleneck_block_ = 0, bottleneck_statistics_ = 0;
};

}  // namespace eigencoder::detail
