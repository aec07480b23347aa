#pragma once

#include <cmath>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/network/input_validation.hpp>
#include <eigencoder/detail/network/policy_set.hpp>
#include <eigencoder/detail/network/training_step.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/evaluation/evaluation.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// A legal composition, without learned values: those are handed in, so everything here is const. `Learning` walks a
/// batch through it.
template <class Scalar, class LayerStack, class LossType, class... Given>
class Network : public InputValidation<Scalar, LossType> {
  using Base = InputValidation<Scalar, LossType>;

 public:
  static constexpr std::size_t encoder_depth = LayerStack::encoder_depth;
  static constexpr std::size_t layer_count = LayerStack::size;
  using Values = ModelState<Scalar>;
  using typename Base::Samples;
  using Base::check_samples;
  using Base::check_inputs;
  using Base::fetch;
  using Base::fetch_inputs;
  using Base::input;
  using Base::loss;

  LayerStack stack;
  using Set = Policies<LayerStack, Given...>;
  Set policies;
  ParameterLayout layout{static_cast<Index>(alignment / sizeof(Scalar))};

  static constexpr bool learns_loss = LearnedLoss<LossType>;

  /// The layer that counts which units of the code fire: its last one but for activations behind it.
  static constexpr std::size_t none = encoder_depth;
  static constexpr std::size_t counting_layer = [] {
    std::size_t found = none;
    bool open = true;
    LayerStack::template each<0, encoder_depth>([&]<std::size_t K>() {
      using L = typename LayerStack::template LayerAt<encoder_depth - 1 - K>;
      if (open && CountsFiring<L>) found = encoder_depth - 1 - K;
      open = open && kind<L> == LayerKind::pointwise;
    });
    return found;
  }();

  Index loss_block = -1;  ///< the parameter of a loss that learns

  /// The stack's shapes are resolved. Throws where a size is missing or a hyperparameter out of range.
  [[gnu::cold]] void build() {
    loss.validate();
    policies.validate(SeparableLoss<LossType> && !learns_loss, LossType::name);
    stack.validate();
    stack.declare(layout);
    if constexpr (LayerStack::in_tasks && !Set::has_bottleneck)
      max_single_threaded_ = (Pass<Scalar>::min_parallel_work - 1) / stack.template work<Scalar>(Pass<Scalar>::min_parallel_work);
    if constexpr (Set::has_bottleneck) {
      bottleneck_block_ = static_cast<Index>(layout.blocks().size());
      bottleneck_statistics_ = static_cast<Index>(layout.statistics_blocks().size());
      policies.bottleneck().declare(layout, static_cast<Index>(encoder_depth) - 1, get<encoder_depth - 1>(stack.layers),
                                    code_layer());
    }
    if constexpr (learns_loss)
      loss_block = layout.add(ParameterKind::shift, static_cast<Index>(layer_count) - 1, 1, 1);
  }

  [[gnu::cold]] void initialize(Values& values, std::uint64_t seed) const {
    values.parameters.ensure_size(layout.parameters());  // in place, if there are values already
    values.statistics.ensure_size(layout.statistics());
    stack.initialize(layout, seed, values.parameters.data());
    for (const auto& block : layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if constexpr (Set::has_bottleneck)
      policies.bottleneck().initialize(layout, bottleneck_block_, bottleneck_statistics_,
                                       get<encoder_depth - 1>(stack.layers), code_layer(), seed,
                                       values.parameters.data(), values.statistics.data());
    if constexpr (learns_loss)
      values.parameters.data()[layout.block(loss_block).offset] = static_cast<Scalar>(loss.initial());
  }

  /// Throws unless these samples can enter layer `first`.
  void check_samples(Samples samples, std::size_t first, const char* name) const {
    check_rows(samples, stack.layer_info[first].in.values(), name);
    check_finite(samples, name);
  }

  /// Whether a last batch of one sample joins the batch before it.
  static constexpr bool couples_batch() { return LayerStack::StackTraits::couples_batch() || Set::couples_batch; }
  /// Throws `DataError` where a layer or the bottleneck cannot learn from a training batch of so many samples.
  void check_batch(Index batch) const {
    if (batch == 1 && stack.needs_two_samples()) batch_of_one("BatchNorm");
    if constexpr (Set::couples_batch)
      if (batch == 1) batch_of_one(policies.bottleneck().terms[0].name);
  }

  /// One training batch, forward and backward. Returns the objective summed over the samples, but for penalties on
  /// weights alone, and adds each term's sum to `sums`; the gradient of the mean goes to the sink, running statistics
  /// to `updated` (unless null).
  double learn(const Pass<Scalar>& pass, const Values& values, const Batch<Scalar>& batch, Scalar* updated,
               double* sums, GradientSink<Scalar>& sink) const {
    check_batch(pass.batch);
    const ParameterView<Scalar> learned{layout, values.parameters.data(), values.statistics.data(), updated};
    return TrainingStep<Scalar, Network>(*this, pass, learned, sums)(batch, sink);
  }

  /// Layers first, ..., last - 1 in inference on the pass's contiguous columns, and the bottleneck where the code is
  /// among what they make; the result lies in the workspace. `sums`, unless null, get the bottleneck's terms.
  Scalar* infer(const Pass<Scalar>& pass, const Values& values, const Scalar* x, std::size_t first, std::size_t last,
                double* sums = nullptr) const {
    const ParameterView<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
    typename LayerStack::PassRequirements requirements;
    if (Set::has_bottleneck && sums) requirements.bottleneck = policies.kept(stack, pass.batch);
    const auto tape = stack.tape(pass, x, first, last, requirements);
    if constexpr (Set::has_bottleneck) {
      if (first < encoder_depth && last >= encoder_depth) {
        stack.forward(pass, learned, tape, first, encoder_depth);
        const auto info = bottleneck_context(pass, learned, tape);
        if (sums) policies.bottleneck().measure(info, sums);
        if constexpr (requires { policies.bottleneck().infer(info); }) policies.bottleneck().infer(info);
        first = encoder_depth;
      }
    }
    stack.forward(pass, learned, tape, first, last);
    pass.workspace.level();
    return tape.output[last - 1];
  }

  /// The loss's mean of a batch's outputs, in place.
  void to_mean(const Pass<Scalar>& pass, Scalar* outputs) const {
    const Index size = input.values();
    parallel_samples(pass.batch, size, pass.team(size * pass.batch * 8),
                     [&](Index j, int) { loss.to_mean(outputs + j * size, size, input.channels); });
  }

  /// The same on samples that passed `check_samples`, stored in any way; with `as_mean` the loss's mean follows the
  /// last layer.
  Samples transform(Workspace<Scalar>& workspace, const Values& values, Samples samples, std::size_t first,
                    std::size_t last, bool as_mean) const {
    const Scalar* x = samples.data();
    if (samples.stride() != samples.rows() || workspace.holds(x)) x = gather(workspace, samples);
    Pass<Scalar> pass{workspace, samples.cols()};
    pass.single_threaded = pass.batch <= max_single_threaded_;
    const FlushSubnormals flush(pass.single_threaded);  // once for all tasks
    Scalar* y = infer(pass, values, x, first, last);
    if (last == layer_count && as_mean) to_mean(pass, y);
    return {y, stack.layer_info[last - 1].out.values(), samples.cols()};
  }

  /// Mean and log variance of each sample's posterior, code size x samples, for a bottleneck that has one.
  [[gnu::cold]] void posterior(Workspace<Scalar>& workspace, const Values& values, Samples samples, Scalar* mean,
                               Scalar* log_variance) const {
    for (Index j = 0; j < samples.cols(); j += inference_batch) {
      const Pass<Scalar> pass{workspace, (std::min)(inference_batch, samples.cols() - j)};
      Scalar* x = gather(workspace, samples.columns(j, pass.batch));
      const ParameterView<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
      typename LayerStack::PassRequirements requirements;
      requirements.bottleneck = policies.kept(stack, pass.batch);
      const auto tape = stack.tape(pass, static_cast<const Scalar*>(x), 0, encoder_depth, requirements);
      stack.forward(pass, learned, tape, 0, encoder_depth);
      const auto info = bottleneck_context(pass, learned, tape);
      policies.bottleneck().spread(info);
      std::copy_n(info.code, info.values(), mean + j * info.size());
      std::copy_n(info.kept, info.values(), log_variance + j * info.size());
    }
  }

  /// Loss and squared error over some samples of a data set, in inference.
  [[gnu::cold]] Evaluation evaluate(Workspace<Scalar>& workspace, const Values& values, BatchLoader<Scalar>& loader,
                                  std::span<const std::uint32_t> places) const {
    const Index n = input.size();
    const ParameterView<Scalar> learned{layout, values.parameters.data(), values.statistics.data()};
    const auto& bound = loss_of(learned);
    std::vector<double> sums(Set::term_count);
    double loss_sum = 0, square_sum = 0;
    each_run(places, inference_batch, [&](auto some, auto next) {
      const Batch<Scalar> columns = fetch(loader, some, next);
      const Pass<Scalar> pass{workspace, static_cast<Index>(some.size())};
      Scalar* x = workspace.inputs(n * pass.batch);
      Scalar* t = workspace.targets(n * pass.batch);
      for (Index j = 0; j < pass.batch; ++j) {
        std::copy_n(columns.input(j), n, x + j * n);
        std::copy_n(columns.target(j), n, t + j * n);
      }
      Scalar* y = infer(pass, values, x, 0, layer_count, sums.data() + Set::bottleneck_slot);
      loss_sum += batch_loss<Scalar>(pass, bound, y, t, nullptr, n, input.channels, 1, workspace.losses(pass.batch));
      to_mean(pass, y);
      for (Index i = 0; i < n * pass.batch; ++i) y[i] -= t[i];
      square_sum += squared_norm(y, n * pass.batch);
    });
    const auto count = static_cast<double>(places.size());
    const double mse = square_sum / count / static_cast<double>(n);
    const double psnr = mse == 0 ? std::numeric_limits<double>::infinity() : -10 * std::log10(mse);
    Evaluation found{static_cast<Index>(places.size()), loss_sum / count, mse, psnr, {}};
    found.terms = policies.bottleneck_terms(sums.data(), count, true);
    return found;
  }

  /// The loss with what it has learned.
  decltype(auto) loss_of([[maybe_unused]] const ParameterView<Scalar>& learned) const {
    if constexpr (learns_loss) return loss.at(static_cast<double>(*learned.block(loss_block)));
    else return (loss);
  }

  /// What the bottleneck sees of a pass.
  auto bottleneck_context(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
                        const Tape<Scalar, layer_count>& tape) const {
    const auto& layer = get<encoder_depth - 1>(stack.layers);
    return BottleneckContext<Scalar, std::remove_cvref_t<decltype(layer)>>{pass,
                                                                         learned,
                                                                         layer,
                                                                         code_layer(),
                                                                         bottleneck_block_,
                                                                         bottleneck_statistics_,
                                                                         tape.into(encoder_depth - 1),
                                                                         tape.output[encoder_depth - 1],
                                                                         tape.latent,
                                                                         tape.bottleneck,
                                                                         nullptr};
  }

  /// Which parameter blocks get early contributions to their gradient.
  [[gnu::cold]] std::vector<bool> early() const { return policies.early(stack, layout, bottleneck_block_); }

  /// The terms of an epoch of `seen` samples, from their sums over it and, of weight decay, from the values now.
  [[gnu::cold]] std::vector<Term> terms(const Values& values, const double* sums, Index seen) const {
    std::vector<Term> found = policies.terms(layout, values.parameters.data(), sums, seen);
    if constexpr (counting_layer != none)
      found.push_back({"dead units", static_cast<double>(dead_units(values, seen)), false});
    return found;
  }

  /// Samples that pass through the network at a time in inference.
  static constexpr Index inference_batch = 256;

 private:
  [[noreturn, gnu::cold]] static void batch_of_one(std::string_view who) {
    throw DataError(message({who, " needs at least two samples in a batch that it learns from, got one"}));
  }

  const LayerInfo& code_layer() const { return stack.layer_info[encoder_depth - 1]; }

  /// The samples side by side in the workspace.
  static Scalar* gather(Workspace<Scalar>& workspace, Samples samples) {
    Scalar* packed = workspace.inputs(samples.rows() * samples.cols());
    for (Index j = 0; j < samples.cols(); ++j)
      std::copy_n(samples.column(j), samples.rows(), packed + j * samples.rows());
    return packed;
  }

  /// Units of the code that have not fired on any of the last `seen` training samples.
  Index dead_units(const Values& values, Index seen) const {
    const auto& block = layout.statistics_block(stack.layer_info[counting_layer].first_statistics);
    const Scalar* since = values.statistics.data() + block.offset;
    const double wanted = (std::min)(static_cast<double>(seen), static_cast<double>(max_counted));
    const auto dead = [&](Scalar n) { return static_cast<double>(n) >= wanted; };
    return std::count_if(since, since + block.size, dead);
  }

  Index bottleneck_block_ = 0, bottleneck_statistics_ = 0;
  Index max_single_threaded_ = 0;  // samples that one thread has soon done with, where only tasks see what is computed
};

}  // namespace eigencoder::detail
