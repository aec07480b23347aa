// A sparse autoencoder learns a dictionary of the small patches that Pokemon sprites, or any folder of images, are made
// of. The code of a patch has more units than the patch has values, but only a few of them fire: each patch is a sum of
// that many entries of the dictionary, which are the columns of the decoder. PCA has as many values for a patch,
// but the same components for all.
//
// A fifth of the images is held out. Training patches are cut anywhere; held-out images are tiled, so that what the
// model makes of them can be seen whole.
#include <algorithm>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include "common/formatted.hpp"
#include "common/images.hpp"
#include "common/pictures.hpp"
#include "common/plots.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Index side = 40, patch = 8, across = side / patch, tiles = across * across, patches_of_image = 120;
constexpr Shape patch_shape{patch, patch, 3};
constexpr Recipe recipe{.epochs = 20, .batch_size = 64, .learning_rate = 2e-3};

/// Where value i of the patch with the given corner lies in its image.
Index place(Index i, Index top, Index left) {
  const Index row = patch * 3;
  return ((top + i / row) * side + left) * 3 + i % row;
}
/// The same of tile j, counted row by row, image after image.
Index tile_place(Index i, Index j) { return place(i, j / across % across * patch, j % across * patch); }

/// Patches from random places, as many of each image.
MatrixX<float> cut_anywhere(const MatrixX<float>& images, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  MatrixX<float> patches(patch_shape.size(), images.cols() * patches_of_image);
  for (Index j = 0; j < patches.cols(); ++j) {
    const Index top = random.below(side - patch + 1), left = random.below(side - patch + 1);
    for (Index i = 0; i < patches.rows(); ++i) patches(i, j) = images(place(i, top, left), j / patches_of_image);
  }
  return patches;
}

/// Each image as patches side by side; and back.
MatrixX<float> cut_tiles(const MatrixX<float>& images) {
  MatrixX<float> patches(patch_shape.size(), images.cols() * tiles);
  for (Index j = 0; j < patches.cols(); ++j)
    for (Index i = 0; i < patches.rows(); ++i) patches(i, j) = images(tile_place(i, j), j / tiles);
  return patches;
}
MatrixX<float> join_tiles(const MatrixX<float>& patches) {
  MatrixX<float> images(side * side * 3, patches.cols() / tiles);
  for (Index j = 0; j < patches.cols(); ++j)
    for (Index i = 0; i < patches.rows(); ++i) images(tile_place(i, j), j / tiles) = patches(i, j);
  return images;
}

/// The units by how often they fire, the most frequent first.
std::vector<Index> by_frequency(const std::vector<Index>& counts) {
  std::vector<Index> order = evenly(static_cast<Index>(counts.size()), static_cast<Index>(counts.size()));
  const auto count = [&](Index unit) { return counts[static_cast<std::size_t>(unit)]; };
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return count(a) > count(b) || (count(a) == count(b) && a < b);
  });
  return order;
}

/// Writes `dictionary.png`: what each unit adds to a patch, around gray, each scaled so that it can be seen.
template <class Model>
void write_dictionary(const Options& options, const Model& model, const std::vector<Index>& order) {
  const Index units = model.code_size();
  const MatrixX<float> nothing = model.decode(MatrixX<float>::Zero(units, 1).eval());
  MatrixX<float> entries = take(model.decode(MatrixX<float>::Identity(units, units).eval()), order);
  for (Index i = 0; i < units; ++i) {
    entries.col(i) -= nothing;
    entries.col(i) *= 0.5F / std::max(entries.col(i).cwiseAbs().maxCoeff(), 1e-9F);
    entries.col(i).array() += 0.5F;
  }
  write_grid(options, "dictionary.png", entries, patch_shape, {.columns = 32, .scale = 3, .gap = 2});
}

void run(const Options& options, Index units, Index firing) {
  const Dataset<float> images = load_images(options, side, side);
  const Split parts = split(images.size(), 0.2, options.seed);
  const MatrixX<float> held_out = take(images.samples, parts.test), clean = cut_tiles(held_out);
  MatrixX<float> training = cut_anywhere(take(images.samples, parts.train), options.seed), tiled = clean;
  Report report = report_of(options, images.size());
  const auto pca = measure_baselines(report, training, clean, firing);
  training.colwise() -= pca.mean();
  tiled.colwise() -= pca.mean();
  std::cout << "Training patches: " << training.cols() << " of " << patch_shape.text().view() << ", less their mean.\n";

  Autoencoder model{Encoder{Image{patch, patch, 3}, Dense{units}, TopK{firing}}, Decoder{Dense{patch_shape.size()}},
                    SquaredError{}, AuxiliaryTopK{.patience = 4000}};
  const History history = train(model, training, options, recipe);

  describe(report, model, history);
  report.train_images = static_cast<Index>(parts.train.size());
  report.test_images = held_out.cols();
  report.code_size = firing;
  report.train_mse = model.evaluate(training).mse;
  report.test_mse = model.evaluate(tiled).mse;
  const auto dead = std::ssize(dead_units(model, training));
  const double fire = mean_firing(model, tiled);
  report.more = {
      {"units", static_cast<double>(units)}, {"dead_units", static_cast<double>(dead)}, {"mean_firing", fire}};

  const std::vector<Index> counts = firing_counts(model, training), order = by_frequency(counts);
  const auto trained = static_cast<double>(training.cols());
  std::vector<Series> share(1);
  for (const Index i : order)
    share[0].y.push_back(static_cast<double>(counts[static_cast<std::size_t>(i)]) / trained);
  write_plot(options, "firing.svg", share,
             {.title = "How often each unit fires",
              .x_label = "unit, the most frequent first",
              .y_label = "share of the training patches",
              .log_y = true});
  write_dictionary(options, model, order);
  write_reconstructions(options, images.shape, held_out, join_tiles(model.reconstruct(tiled).colwise() + pca.mean()),
                        join_tiles(pca.reconstruct(clean)));
  write_loss(options, per_value(history, patch_shape.size()), {}, "objective per value");

  const std::string line = formatted(
      "Of %td units %.2f fire on a held-out patch; %td (%.1f%%) are dead: they fire on no\ntraining patch.\n", units,
      fire, dead, 100 * static_cast<double>(dead) / static_cast<double>(units));
  finish_with(to_table(report) + line, options, report, {"dictionary.png", "firing.svg"});
}

}  // namespace

int main(int argc, char** argv) {
  Options options{.program = "pokemon_sparse",
                  .about = "Learns a dictionary of patches of sprites, of which few make up a patch, "
                           "and compares it with PCA.",
                  .epochs = 0,
                  .batch_size = 0};
  Index units = 512, firing = 12;
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        line.show_defaults(recipe);
        line.explain("--batch-size", "Patches in a step");
        line.whole("--units", units, 1, "Units of the code: entries of the dictionary");
        line.whole("--firing", firing, 1, "Units that fire on a patch, of all");
      },
      [&] {
        if (firing > units) throw UsageError("--firing: no more units than --units can fire");
        run(options, units, firing);
      });
}
