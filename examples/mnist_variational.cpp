// A variational autoencoder learns handwritten digits: it draws each from a code of two values, and lays the codes
// out so that new digits can be drawn. --reference is the published experiment 784-400-40 on binarized digits.
#include <algorithm>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <vector>
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
constexpr Recipe reference_recipe{.epochs = 600, .batch_size = 100, .learning_rate = 1e-3};
// Adam that forgets a little: on 50,000 digits the likelihood of others suffers from what it learns by heart.
constexpr AdamW reference_optimizer{.epsilon = 1e-4, .weight_decay = 0.05};
constexpr double published = -89.78;

auto own_model(Index code_size) {
  return Autoencoder{Encoder{Input{784}, Dense{512}, Relu{}, Dense{256}, Relu{}, Dense{code_size}}, Mirror{},
                     Bernoulli{}, Variational{}};
}

using ReferenceEncoder = Encoder<Input<784>, Dense<400>, Relu, Dense<40>>;
using ReferenceDecoder = Decoder<Dense<400>, Relu, Dense<784>>;
using ReferenceModel = Autoencoder<ReferenceEncoder, ReferenceDecoder, Bernoulli, Variational<>>;

ReferenceModel reference_model() {
  constexpr auto as_published = Initializer::pytorch();
  return ReferenceModel{ReferenceEncoder{Input<784>{}, Dense<400>{as_published}, Relu{}, Dense<40>{as_published}},
                        ReferenceDecoder{Dense<400>{as_published}, Relu{}, Dense<784>{as_published}}};
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
           const Dataset<float>& test, const std::vector<double>& validation, Report report) {
  describe(report, model, history);
  measure(report, model, training, test);
  describe_likelihood(report, model, test, options.seed);
  const auto pca = measure_baselines(report, training, test, report.code_size);
  write_reconstructions(options, test.shape, test, model.reconstruct(test), pca.reconstruct(test));
  write_loss(options, per_value(history, 1), validation, "negative evidence lower bound, nats");
  write_codes(options, test.labels, model.posterior(test));
  write_manifold(options, model);
  finish(options, report, {"codes.svg", "manifold.png"});
}

void run_own(const Options& options, const Mnist& digits, Index code_size) {
  auto model = own_model(code_size);
  const History history = train(model, digits.train, options, own_recipe);
  close(options, model, history, digits.train, digits.test, {},
        report_of(options, digits.train.size() + digits.test.size()));
}

/// A sixth of the training digits picks the epoch; the test digits are looked at once, at the end.
void run_reference(const Options& options, const Mnist& digits) {
  std::cout << "Every pixel is made black or white once, at random by its brightness.\n";
  const Dataset<float> all = binarize(digits.train, options.seed, 0), test = binarize(digits.test, options.seed, 1);
  const Split parts = split(all.size(), 1.0 / 6, options.seed);
  const Dataset<float> training = take(all, parts.train), validation = take(all, parts.test);

  ReferenceModel model = reference_model(), best = model;
  std::vector<double> losses;
  const auto keep_best = [&](const EpochReport&) {
    const double loss = -evidence_lower_bound(model, validation, options.seed);
    if (losses.empty() || loss < *std::min_element(losses.begin(), losses.end())) best = model;
    losses.push_back(loss);
  };
  const History history = train(model, training, options, reference_recipe, reference_optimizer, keep_best);

  Report report = report_of(options, digits.train.size() + digits.test.size());
  const auto epoch = std::min_element(losses.begin(), losses.end()) - losses.begin() + 1;
  const double likelihood = mean(best.log_likelihood(test, 200, options.seed));
  std::printf("\nThe weights are those of epoch %td, the best on %td digits set aside.\n", epoch, validation.size());
  std::printf("Mean log likelihood of %td test digits: %.2f nats (published: %.2f on MNIST).\n", test.size(),
              likelihood, published);
  report.more.push_back({"test_log_likelihood", likelihood});
  report.more.push_back({"best_epoch", static_cast<double>(epoch)});
  close(options, best, history, training, test, losses, report);
}

}  // namespace

int main(int argc, char** argv) {
  Options options{.program = "mnist_variational",
                  .about = "Trains a variational autoencoder on handwritten digits and draws new ones.",
                  .epochs = 0,
                  .batch_size = 0};
  bool reference = false;
  Index code_size = 0;
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        explain_mnist(line);
        line.flag("--reference", reference, "784-400-40 on black and white digits, as published");
        line.show_default("--epochs", "40, with --reference 600");
        line.show_default("--batch-size", "100");
        line.whole("--code-size", code_size, 2, "Values in the code of a digit (not with --reference)");
        line.show_default("--code-size", "2");
      },
      [&] {
        if (reference && code_size > 0)
          throw UsageError("--code-size: the code of --reference is the published one, of 40");
        const Mnist digits = load_mnist(options);
        reference ? run_reference(options, digits) : run_own(options, digits, code_size > 0 ? code_size : 2);
      });
}
