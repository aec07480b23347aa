// A restricted Boltzmann machine learns the distribution of handwritten digits in black and white. How probable it
// finds digits that it has not seen is estimated by annealing, from both sides.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining.hpp>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>
#include "common/formatted.hpp"
#include "common/images.hpp"
#include "common/mnist.hpp"
#include "common/pictures.hpp"
#include "common/plots.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"
#include "common/variational.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 30, .batch_size = 100, .learning_rate = 0.1};
constexpr Index hidden_units = 500;
constexpr double published = -86.34;  // CD-25, Salakhutdinov & Murray (2008), table 1

using Machine = Rbm<BernoulliUnits, BernoulliUnits, PersistentContrastiveDivergence>;

/// The likelihood of digits as training goes on, by short chains: good to about a nat.
struct Curve {
  Series training, held_out;
};

/// An observer that measures it from time to time. The test digits are not among those it sees.
struct Watch {
  const Machine& machine;
  const Dataset<float>& training;
  const Dataset<float>& held_out;  ///< may be empty
  AnnealingOptions annealing;
  std::shared_ptr<Curve> curve;

  void operator()(const EpochReport& report) const {
    const Index every = (std::max)(Index{1}, report.epochs / 20);
    if (report.epoch % every != 0 && report.epoch != report.epochs) return;
    const LogPartition partition = log_partition(machine, annealing);
    const auto measure = [&](const Dataset<float>& digits, Series& series) {
      if (digits.size() == 0) return;
      const auto some = take(digits.samples, evenly((std::min)(Index{10'000}, digits.size()), digits.size()));
      series.x.push_back(static_cast<double>(report.epoch));
      series.y.push_back(mean(log_likelihood(machine, some, partition)));
    };
    measure(training, curve->training);
    measure(held_out, curve->held_out);
  }
};

/// The mean of each pixel, which the annealing starts from.
VectorX<double> pixel_means(const Dataset<float>& digits) { return digits.samples.cast<double>().rowwise().mean(); }

/// Digits above their reconstructions, what the machine draws, and the weights of some hidden units: gray is 0.
void write_pictures(const Options& options, const Machine& machine, const Dataset<float>& digits) {
  const auto shown = take(digits.samples, evenly(12, digits.size()));
  write_rows(options, "reconstructions.png", {shown, machine.reconstruct(shown)}, digits.shape);

  constexpr Index count = 100;
  constexpr Grid grid{.columns = 10, .scale = 2, .gap = 2};
  const GibbsOptions gibbs{.steps = options.quick ? 20 : 2'000, .seed = options.seed, .means = true};
  write_grid(options, "samples.png", machine.sample(count, gibbs), digits.shape, grid);

  MatrixX<float> filters(machine.visible_size(), count);
  for (Index k = 0; k < count; ++k) {
    filters.col(k) = machine.weights().row(k * machine.hidden_size() / count).transpose();
    filters.col(k) = 0.5F + 0.5F * filters.col(k).array() / (std::max)(1e-6F, filters.col(k).cwiseAbs().maxCoeff());
  }
  write_grid(options, "filters.png", filters, digits.shape, grid);
}

/// Estimates of the likelihood from both sides. The reverse chains begin at few digits, as each needs its own; how far
/// their result lies below the other hardly depends on the digit, so the mean of that distance is subtracted from the
/// estimate for all: a control variate. Source: Burda, Grosse & Salakhutdinov (2015).
std::string describe_likelihood(Report& report, const Options& options, const Machine& machine,
                                const Dataset<float>& training, const Dataset<float>& held_out, bool validate) {
  const AnnealingOptions annealing{.temperatures = options.quick ? 100 : 10'000,
                                   .chains = 100,
                                   .seed = options.seed,
                                   .base_means = pixel_means(training)};
  const LogPartition partition = log_partition(machine, annealing);
  const auto likelihoods = log_likelihood(machine, held_out, partition);
  const auto some = take(held_out.samples, evenly((std::min)(Index{100}, held_out.size()), held_out.size()));
  std::vector<double> distances = log_likelihood(machine, some, partition);
  const auto reversed = reverse_log_likelihood(
      machine, some,
      {.temperatures = annealing.temperatures, .seed = options.seed, .base_means = annealing.base_means});
  for (std::size_t j = 0; j < distances.size(); ++j) distances[j] -= reversed[j];
  const double estimate = mean(likelihoods), reverse = estimate - mean(distances);
  double square = 0;
  for (const double distance : distances) square += std::pow(distance - mean(distances), 2);
  const auto n = static_cast<double>(distances.size());
  const double error = std::sqrt(square / (std::max)(1.0, n - 1) / n);
  const double own = mean(log_likelihood(machine, training, partition));

  const std::string name = validate ? "validation" : "test";
  report.more = {{name + "_log_likelihood", estimate},
                 {name + "_log_likelihood_reverse", reverse},
                 {name + "_log_likelihood_reverse_standard_error", error},
                 {"train_log_likelihood", own},
                 {"log_partition", partition.value},
                 {"log_partition_lower", partition.lower},
                 {"log_partition_upper", partition.upper}};
  return formatted("\nMean log likelihood in nats, %td %s digits:\n\n", held_out.size(), name.c_str()) +
         formatted("  %-46s %10.2f\n", "annealed importance sampling", estimate) +
         formatted("  %-46s %10.2f to %.2f\n", "  within three standard errors",
                   estimate + partition.value - partition.upper, estimate + partition.value - partition.lower) +
         formatted("  %-46s %10.2f\n", "reverse annealing, tends to err low", reverse) +
         formatted("  %-46s %10.2f\n", "  standard error of its distance", error) +
         formatted("  %-46s %10.2f\n", "annealed importance sampling, training digits", own) +
         formatted("  %-46s %10.2f\n", "published: 500 units, CD-25, test digits", published) + training_line(report);
}

void run(const Options& options, bool validate, Index steps) {
  const Mnist digits = load_mnist(options);
  std::cout << "Every pixel is made black or white once, at random by its brightness.\n";
  Dataset<float> training = binarize(digits.train, options.seed, 0), held_out;
  if (validate) {
    std::vector<Index> all(static_cast<std::size_t>(training.size()));
    std::iota(all.begin(), all.end(), Index{0});
    const std::span<const Index> first = std::span(all).first(all.size() - all.size() / 6);
    held_out = take(training, std::span(all).subspan(first.size()));
    training = take(training, first);
  }

  Machine machine{BernoulliUnits{training.shape.size()}, BernoulliUnits{hidden_units},
                  PersistentContrastiveDivergence{.steps = steps, .chains = 100, .centered = true}};
  machine.initialize(options.seed, training);
  const auto curve = std::make_shared<Curve>();
  curve->training.name = "training digits";
  curve->held_out.name = "validation digits";
  const AnnealingOptions quick_look{
      .temperatures = options.quick ? 20 : 500, .seed = options.seed, .base_means = pixel_means(training)};
  const FitOptions<float> how = fit_options(options, recipe, Watch{machine, training, held_out, quick_look, curve});
  announce(formatted("%td visible and %td hidden units, 0 or 1; 100 persistent chains, %td Gibbs steps for each batch.",
                     machine.visible_size(), machine.hidden_size(), steps),
           "SGD", options, recipe, how);
  const History history = machine.fit(training, Sgd{.learning_rate = recipe.learning_rate}, how);

  if (!validate) held_out = binarize(digits.test, options.seed, 1);
  Report report = report_of(options, digits.train.size() + digits.test.size());
  describe(report, history);
  report.parameters = (machine.visible_size() + 1) * (machine.hidden_size() + 1) - 1;
  report.train_images = training.size();
  report.test_images = held_out.size();
  report.code_size = machine.hidden_size();
  report.test_mse = mean_squared_error(held_out, View<float>(machine.reconstruct(held_out)));
  const std::string table = describe_likelihood(report, options, machine, training, held_out, validate);

  write_pictures(options, machine, held_out);
  write_loss(options, per_value(history, 1), {}, "cross-entropy of reconstructions, nats");
  std::vector<Series> rising{curve->training};
  if (validate) rising.push_back(curve->held_out);
  write_plot(options, "likelihood.svg", rising,
             {.title = "The likelihood as it rises", .x_label = "epoch", .y_label = "mean log likelihood, nats"});
  finish_with(table, options, report, {"filters.png", "samples.png", "likelihood.svg"});
}

}  // namespace

int main(int argc, char** argv) {
  bool validate = false;
  Index steps = 2;
  return run_example(
      argc, argv,
      {"mnist_rbm", "Trains a restricted Boltzmann machine on handwritten digits and estimates their likelihood."},
      [&](CommandLine& line) {
        explain_mnist(line);
        line.flag("--validate", validate, "Keep the last sixth of the training digits out and report on these");
        line.whole("--steps", steps, 1, "Gibbs steps of the persistent chains for each batch");
        line.show_defaults(recipe);
      },
      [&](const Options& options) { run(options, validate, steps); });
}
