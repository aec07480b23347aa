// A variational autoencoder learns handwritten digits: it draws each from a code of two values, and lays the codes
// out so that new digits can be drawn. --reference is a published network, 784-400-40 on
// binarized digits, trained our own way.
#include <algorithm>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <string>
#include "common/mnist.hpp"
#include "common/pictures.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"
#include "common/variational.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe own_recipe{.epochs = 40, .batch_size = 100, .learning_rate = 2e-3};
constexpr double published = -89.78;

auto own_model(Index code_size) {
  return Autoencoder{Encoder{Input{784}, Dense{512}, Relu{}, Dense{256}, Relu{}, Dense{code_size}}, Mirror{},
                     Bernoulli{}, Variational{}};
}

/// A part of the training of --reference: with ever more codes of each digit, the bound comes closer to the likelihood
/// but costs more. In the middle digits are turned and zoomed a little, for 60,000 are few.
struct Phase {
  Index codes;
  Recipe recipe;
  double weight_decay;
  double moved;  ///< the share of digits
  double time;   ///< its share of the whole
};
constexpr Phase phases[] = {
    {1, {.epochs = 150, .batch_size = 100, .learning_rate = 1e-3}, 0.01, 0, 0.3},
    {5, {.epochs = 70, .batch_size = 100, .learning_rate = 1e-3}, 0.01, 0.7, 0.45},
    {20, {.epochs = 8, .batch_size = 100, .learning_rate = 6e-4}, 0.005, 0, 0.25},
};

using ReferenceEncoder = Encoder<Image<28, 28, 1>, Dense<400>, Relu, Dense<40>>;
using ReferenceDecoder = Decoder<Dense<400>, Relu, Dense<784>, Reshape<28, 28, 1>>;
using ReferenceModel =
    Autoencoder<ReferenceEncoder, ReferenceDecoder, Bernoulli, Augmented<Rotation, Crop>, ImportanceWeighted>;

ReferenceModel reference_model(const Phase& phase) {
  constexpr auto initial = Initializer::pytorch();
  return ReferenceModel{ReferenceEncoder{Image<28, 28, 1>{}, Dense<400>{initial}, Relu{}, Dense<40>{initial}},
                        ReferenceDecoder{Dense<400>{initial}, Relu{}, Dense<784>{initial}, Reshape<28, 28, 1>{}},
                        Augmented{Rotation{.degrees = 5,
                                           .probability = phase.moved,
                                           .interpolation = InterpolationMode::nearest},
                                  Crop{.smallest = 0.95,
                                       .largest = 1.05,
                                       .probability = phase.moved,
                                       .interpolation = InterpolationMode::nearest}},
                        ImportanceWeighted{phase.codes, CodeGradient::doubly_reparameterized}};
}

/// What lies between them: digits decoded from a grid of codes, each as probable as the others; codes of more than two
/// values are drawn from the prior.
template <class Model>
void write_manifold(const Options& options, const Model& model) {
  constexpr Index side = 20;
  MatrixX<float> codes(2, side * side);
  for (Index row = 0; row < side; ++row)
    for (Index column = 0; column < side; ++column) {
      const auto quantile = [](Index i) { return normal_quantile((static_cast<double>(i) + 0.5) / side); };
      codes(0, row * side + column) = static_cast<float>(quantile(column));
      codes(1, row * side + column) = static_cast<float>(-quantile(row));  // up, as in codes.svg
    }
  const bool fits = codes.rows() == model.code_size();
  const MatrixX<float> digits = fits ? model.decode(codes) : model.sample(side * side, options.seed);
  write_grid(options, "manifold.png", digits, {28, 28, 1}, {.columns = side, .scale = 2, .gap = 0});
}

/// Reports on digits that the model has not seen.
template <class Model>
void close(const Options& options, const Model& model, const History& history, const Dataset<float>& training,
           const Dataset<float>& test, Report report) {
  describe(report, model, history);
  measure(report, model, training, test);
  describe_likelihood(report, model, test, options.seed);
  const auto pca = measure_baselines(report, training, test, report.code_size);
  write_reconstructions(options, test.shape, test, model.reconstruct(test), pca.reconstruct(test));
  write_loss(options, per_value(history, 1), {}, "negative lower bound of the log likelihood, nats");
  write_codes(options, test.labels, model.posterior(test));
  write_manifold(options, model);
  finish(options, report, {"codes.svg", "manifold.png"});
}

void run_own(const Options& options, const Mnist& digits, Index code_size) {
  auto model = own_model(code_size);
  const History history = train(model, digits.train, options, own_recipe);
  close(options, model, history, digits.train, digits.test,
        report_of(options, digits.train.size() + digits.test.size()));
}

/// Trains by phases, each from where the one before ended.
History train_reference(ReferenceModel& model, const Dataset<float>& training, const Options& options) {
  History history;
  model.initialize(options.seed);
  std::cout << "\n" << model.summary();
  for (const Phase& phase : phases) {
    ReferenceModel next = reference_model(phase);
    std::ranges::copy(model.parameters(), next.parameters().begin());
    Options own = options;
    own.seconds *= phase.time;
    own.seed += static_cast<std::uint64_t>(phase.codes);  // other draws in each
    const FitOptions<float> how = fit_options(own, phase.recipe, {});
    std::string what = std::to_string(phase.codes) + (phase.codes == 1 ? " code" : " codes") + " drawn of each digit";
    if (phase.moved > 0) what += "; digits turned by up to 5 degrees and zoomed by up to 5 %";
    announce(what, "AdamW", own, phase.recipe, how);
    const AdamW adam{.learning_rate = phase.recipe.learning_rate, .epsilon = 1e-4, .weight_decay = phase.weight_decay};
    const History part = next.fit(training, adam, how);
    history.epochs.insert(history.epochs.end(), part.epochs.begin(), part.epochs.end());
    model = next;
  }
  return history;
}

/// The phases were chosen with `validate`, on a sixth of the training digits that the model did not see; the test
/// digits are looked at once, by a model that learned from all others.
void run_reference(const Options& options, const Mnist& digits, bool validate) {
  std::cout << "Every pixel is made black or white once, at random by its brightness.\n";
  Dataset<float> training = binarize(digits.train, options.seed, 0), held_out;
  if (validate) {
    const Split parts = split(training.size(), 1.0 / 6, options.seed);
    held_out = take(training, parts.test);
    training = take(training, parts.train);
  } else {
    held_out = binarize(digits.test, options.seed, 1);
  }

  ReferenceModel model = reference_model(phases[0]);
  const History history = train_reference(model, training, options);

  Report report = report_of(options, digits.train.size() + digits.test.size());
  const double likelihood = mean(model.log_likelihood(held_out, 200, options.seed));
  std::printf("\nMean log likelihood of %td %s digits: %.2f nats (published: %.2f on MNIST's test digits).\n",
              held_out.size(), validate ? "validation" : "test", likelihood, published);
  report.more.push_back({validate ? "validation_log_likelihood" : "test_log_likelihood", likelihood});
  close(options, model, history, training, held_out, report);
}

}  // namespace

int main(int argc, char** argv) {
  bool reference = false, validate = false;
  Index code_size = 0;
  return run_example(
      argc, argv, {"mnist_variational", "Trains a variational autoencoder on handwritten digits and draws new ones."},
      [&](CommandLine& line) {
        explain_mnist(line);
        line.flag("--reference", reference, "784-400-40 on black and white digits, beside what is published");
        line.flag("--validate", validate, "With --reference: keep a sixth of the training digits out, report on these");
        line.show_default("--epochs", "40, with --reference 150, 70 and 8, or as many in each phase");
        line.show_default("--batch-size", "100");
        line.whole("--code-size", code_size, 2, "Values in the code of a digit (not with --reference)");
        line.show_default("--code-size", "2");
      },
      [&](const Options& options) {
        if (reference && code_size > 0)
          throw UsageError("--code-size: the code of --reference is the published one, of 40");
        if (validate && !reference) throw UsageError("--validate goes with --reference");
        const Mnist digits = load_mnist(options);
        reference ? run_reference(options, digits, validate) : run_own(options, digits, code_size > 0 ? code_size : 2);
      });
}
