// Optimizers, schedules and other options of `fit`, on few models.
#include "golden/learned_values/trainer.hpp"

namespace golden {

namespace {

// No epoch's loss is so much below the best: every epoch but the first reduces.
constexpr ReduceOnPlateau plateau{.factor = 0.4, .patience = 0, .threshold = 0.9, .floor = 0.05};

template <class Scalar>
void train_optimizers(const Trainer<Scalar>& train, const auto& model) {
  const double epsilon = large_epsilon;
  train("sgd", model, Sgd{.learning_rate = 0.05});
  train("sgd_momentum", model, Sgd{.learning_rate = 0.02, .momentum = 0.9, .dampening = 0.1});
  train("sgd_nesterov", model, Sgd{.learning_rate = 0.02, .momentum = 0.9, .nesterov = true});
  train("rms_prop", model, RmsProp{.learning_rate = 5e-3, .epsilon = epsilon});
  train("rms_prop_momentum", model, RmsProp{.learning_rate = 2e-3, .alpha = 0.9, .epsilon = epsilon, .momentum = 0.8});
  train("rms_prop_centered", model, RmsProp{.learning_rate = 2e-3, .epsilon = epsilon, .centered = true});
  train("adagrad", model,
        Adagrad{.learning_rate = 0.05, .learning_rate_decay = 0.1, .initial_accumulator = 0.2, .epsilon = epsilon});
  train("adam", model, Adam{.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = epsilon});
  train("adamw", model, AdamW{.learning_rate = 0.02, .epsilon = epsilon, .weight_decay = 0.3});
}

template <class Scalar>
void train_schedules(const Trainer<Scalar>& train, const auto& model) {
  train("constant_schedule", model, usual, {.schedule = ConstantSchedule{}});
  train("step_schedule", model, usual, {.schedule = StepSchedule{.every_epochs = 2, .factor = 0.3}});
  train("exponential_schedule", model, usual, {.schedule = ExponentialSchedule{.factor = 0.7}});
  train("cosine_schedule", model, usual, {.schedule = CosineSchedule{.warmup_epochs = 1, .floor = 0.1}});
  train("reduce_on_plateau", model, usual, {.schedule = plateau});
}

}  // namespace

template <class Scalar>
void train_options(const Trainer<Scalar>& train) {
  using P = Precision<Scalar>;
  using Normed = Encoder<Input<9>, Dense<7>, BatchNorm, Tanh, Dense<4>>;
  const Autoencoder<Normed, Decoder<Mirror>, SquaredError, P> model;
  const Autoencoder<Encoder<Input<9>, Dense<7>, Tanh, Dense<4>>, Decoder<TiedMirror>, SquaredError, WeightDecay<>, P>
      tied{WeightDecay<>{.weight = 0.1}};
  train_optimizers(train, model);
  train_schedules(train, model);

  train("in_order", model, usual, {.shuffle = false});
  train("unfused", model, usual, {.fuse_updates = false});
  train("clip_norm", tied, usual, {.clip_norm = 0.2});
  train("clip_value", tied, Sgd{.learning_rate = 0.1}, {.clip_value = 0.05});
  std::vector<double> weights;  // one for each of 33 samples
  for (int j = 0; j < 33; ++j) weights.push_back(0.5 * (j % 5));
  train("sample_weights", model, usual, {.sample_weights = weights});
  train("trim", tied, usual, {.trim = 0.3});
  train("max_steps", model, usual, {.max_steps = 17, .schedule = CosineSchedule{}});
  train("validation_split", model, usual, {.schedule = plateau, .validation_split = 0.2});
  // Only the first epoch is that much better than what was before.
  train("restored_best", model, usual,
        {.validation_split = 0.2, .early_stopping = EarlyStopping{.patience = 4, .min_delta = 100}});
  train.with_targets("targets", model);
  train.with_targets("targets_tied", tied, {.early_stopping = EarlyStopping{.patience = 4}, .clip_norm = 0.5});
}

template <class Scalar>
std::vector<LearnedValues> train_all() {
  std::vector<LearnedValues> found;
  const Trainer<Scalar> train(found);
  train_layers(train);
  train_images(train);
  train_policies(train);
  train_bottlenecks(train);
  train_options(train);
  return found;
}

template std::vector<LearnedValues> train_all<EIGENCODER_GOLDEN_SCALAR>();

}  // namespace golden
