// The classic experiment: a multilayer perceptron learns to reconstruct Pokemon sprites.
//
// By default the whole image goes through a small code, and the figure that counts is the error on images never
// seen. --classic repeats the well-known experiment instead: each color channel of each sprite is a sample of its
// own, 1600-1024-512-256 and back, and nothing is held out.
#include <eigencoder/data/channels.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/training/progress_bar.hpp>
#include "common/results.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Index side = 40;

/// What each experiment does where the command line says nothing.
struct Recipe {
  Index epochs;
  Index batch_size;
  double learning_rate;
  LeakyRelu activation;
};
constexpr Recipe held_out_recipe{
    .epochs = 200, .batch_size = 64, .learning_rate = 3e-3, .activation = {.negative_slope = 0.1}};
constexpr Recipe classic_recipe{
    .epochs = 680, .batch_size = 144, .learning_rate = 4e-3, .activation = {.negative_slope = 0.2}};

/// Shows progress, keeps the curves, and stops when the time is up.
struct Watch {
  double limit;
  double seconds = 0;
  ProgressBar bar = {};

  Signal operator()(const EpochReport& report) {
    seconds += report.seconds;
    bar(report);
    return limit > 0 && seconds >= limit ? Signal::stop : Signal::go_on;
  }
  void on_batch(const BatchReport& report) { bar.on_batch(report); }
};

/// What the two experiments have in common: a model, the samples it learns, and how.
template <class Model>
History train(Model& model, View<float> samples, const Options& options, const Recipe& recipe) {
  const Index epochs = options.epochs > 0 ? options.epochs : recipe.epochs;
  const Index batch_size = options.batch_size > 0 ? options.batch_size : recipe.batch_size;
  std::cout << "\n" << model.summary() << "\nAdam, learning rate " << recipe.learning_rate
            << " falling along a cosine; " << epochs << " epochs, batches of " << batch_size << ".\n\n" << std::flush;
  model.initialize(options.seed);
  return model.fit(samples, Adam{.learning_rate = recipe.learning_rate},
                   {.epochs = epochs,
                    .batch_size = batch_size,
                    .seed = options.seed,
                    .schedule = CosineSchedule{.warmup_epochs = 2},
                    .observer = Watch{options.seconds}});
}

/// The loss is summed over a sample's values; the curves show it per value, as the table does.
std::vector<double> per_value(const History& history, Index values) {
  std::vector<double> losses;
  for (const EpochReport& epoch : history.epochs) losses.push_back(epoch.train_loss / static_cast<double>(values));
  return losses;
}

double total_seconds(const History& history) {
  double sum = 0;
  for (const EpochReport& epoch : history.epochs) sum += epoch.seconds;
  return sum;
}

template <class Model>
void describe(Report& report, const Model& model, const History& history) {
  report.parameters = model.parameter_count();
  report.epochs = static_cast<Index>(history.epochs.size());
  report.seconds = total_seconds(history);
}

void run_held_out(const Options& options, Index code_size) {
  const Dataset<float> images = load_images(options, side, side);
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), held_out = take(images, parts.test);

  const LeakyRelu activation = held_out_recipe.activation;
  Autoencoder model{Encoder{Image{side, side, 3}, Dense{512}, BatchNorm{}, activation, Dense{code_size}},
                    Decoder{Mirror{}, Sigmoid{}}, SquaredError{}, Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
  std::cout << "Training images are flipped and shifted by up to 2 pixels, anew each epoch.\n";
  const History history = train(model, training, options, held_out_recipe);

  Report report = report_of(options);
  describe(report, model, history);
  report.images = images.size();
  report.train_images = training.size();
  report.test_images = held_out.size();
  report.code_size = code_size;
  report.train_mse = model.evaluate(training).mse;
  report.test_mse = model.evaluate(held_out).mse;
  const auto pca = measure_baselines(report, training, held_out, code_size);
  write_reconstructions(options, images.shape, held_out, model.reconstruct(held_out), pca.reconstruct(held_out));
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  finish(options, report);
}

void run_classic(const Options& options) {
  const Dataset<float> images = load_images(options, side, side);
  const MatrixX<float> channels = split_channels(images.samples, images.shape);

  const LeakyRelu activation = classic_recipe.activation;
  Autoencoder model{Encoder{Input{channels.rows()}, Dense{1024}, BatchNorm{}, activation,
                            Dense{512}, BatchNorm{}, activation, Dense{256}},
                    Decoder{Mirror{}, Sigmoid{}}, SquaredError{}};
  const History history = train(model, channels, options, classic_recipe);

  Report report = report_of(options);
  describe(report, model, history);
  report.images = report.train_images = images.size();
  report.code_size = 256 * images.shape.channels;
  report.train_mse = model.evaluate(channels).mse;
  const auto pca = measure_baselines(report, channels, {}, 256);
  write_reconstructions(options, images.shape, images,
                        join_channels(model.reconstruct(channels), images.shape),
                        join_channels(pca.reconstruct(channels), images.shape));
  write_loss(options, per_value(history, channels.rows()), {}, "squared error per value");
  finish(options, report);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.program = "pokemon_mlp";
  options.about = "Trains a multilayer perceptron to reconstruct 40 x 40 sprites and compares it with PCA.";
  options.epochs = options.batch_size = 0;
  bool classic = false;
  Index code_size = 32;
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        line.flag("--classic", classic, "1600-1024-512-256 on each color channel of every image");
        line.show_default("--epochs", "200, with --classic 680");
        line.show_default("--batch-size", "64, with --classic 144");
        line.whole("--code-size", code_size, 1, "Values in the code of an image (not with --classic)");
      },
      [&] { classic ? run_classic(options) : run_held_out(options, code_size); });
}
