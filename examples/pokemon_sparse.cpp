// A sparse autoencoder learns a dictionary of the small patches that Pokemon sprites, or any folder of images, are made
// of. The code of a patch has more units than the patch has values, but only a few of them fire: each patch is a sum of
// that many entries of the dictionary, which are the columns of the decoder. PCA has as many values for a patch,
// but the same components for all.
//
// Two models learn a dictionary. With TopK 12 of 512 units fire on each patch. With JumpRelu a unit fires above a
// threshold of its own; the penalty L0 moves the thresholds until 12 units fire on the mean over all training patches:
// fewer on a plain patch, more on the others.
//
// A fifth of the images is held out. Training patches are cut anywhere; held-out images are tiled, so that
// whole reconstructions can be shown.
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
// A unit's values are about 1 where it fires.
constexpr JumpRelu jump_relu{.initial_threshold = 0.1, .bandwidth = 0.1};
constexpr double l0_weight = 16;

/// The index in the image of value i of the patch with the given corner.
Index position(Index i, Index top, Index left) {
  const Index row = patch * 3;
  return ((top + i / row) * side + left) * 3 + i % row;
}
/// The same for tile j, counted row by row, image after image.
Index tile_position(Index i, Index j) { return position(i, j / across % across * patch, j % across * patch); }

/// Patches from random positions, the same number of each image.
MatrixX<float> cut_anywhere(const MatrixX<float>& images, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  MatrixX<float> patches(patch_shape.size(), images.cols() * patches_of_image);
  for (Index j = 0; j < patches.cols(); ++j) {
    const Index top = random.below(side - patch + 1), left = random.below(side - patch + 1);
    for (Index i = 0; i < patches.rows(); ++i) patches(i, j) = images(position(i, top, left), j / patches_of_image);
  }
  return patches;
}

/// Each image as patches side by side; and back.
MatrixX<float> cut_tiles(const MatrixX<float>& images) {
  MatrixX<float> patches(patch_shape.size(), images.cols() * tiles);
  for (Index j = 0; j < patches.cols(); ++j)
    for (Index i = 0; i < patches.rows(); ++i) patches(i, j) = images(tile_position(i, j), j / tiles);
  return patches;
}
MatrixX<float> join_tiles(const MatrixX<float>& patches) {
  MatrixX<float> images(side * side * 3, patches.cols() / tiles);
  for (Index j = 0; j < patches.cols(); ++j)
    for (Index i = 0; i < patches.rows(); ++i) images(tile_position(i, j), j / tiles) = patches(i, j);
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

/// A trained model and its figures.
template <class Model>
struct Trained {
  Model model;
  History history;
  std::string name;
  std::vector<double> firing;  ///< on a training patch, after each epoch
  double train_mse, test_mse, train_firing, test_firing;
  std::vector<Index> counts, order;  ///< how often each unit fires on training patches; the most frequent first
  Index dead;
};

/// Trains a model with this activation on the code.
template <class Activation, class... Policies>
auto train_and_measure(const std::string& name, const Options& options, const MatrixX<float>& training,
                       const MatrixX<float>& held_out, Index units, Activation activation, Policies... policies) {
  Autoencoder model{Encoder{Image{patch, patch, 3}, Dense{units}, activation}, Decoder{Dense{patch_shape.size()}},
                    SquaredError{}, AuxiliaryTopK{.patience = 4000}, policies...};
  const MatrixX<float> some = take(training, evenly(4000, training.cols()));
  std::vector<double> firing;
  const History history = train(model, training, options, recipe, Adam{},
                                [&](const EpochReport&) { firing.push_back(mean_active_units(model, some)); });
  const std::vector<Index> counts = activation_counts(model, training);
  return Trained<decltype(model)>{model,
                                  history,
                                  name,
                                  firing,
                                  model.evaluate(training).mse,
                                  model.evaluate(held_out).mse,
                                  mean_active_units(model, training),
                                  mean_active_units(model, held_out),
                                  counts,
                                  by_frequency(counts),
                                  std::ssize(dead_units(model, training))};
}

/// Writes what each unit adds to a patch, around gray, each scaled so that it can be seen.
template <class Model>
void write_dictionary(const Options& options, const std::string& file, const Trained<Model>& trained) {
  const Index units = trained.model.code_size();
  const MatrixX<float> nothing = trained.model.decode(MatrixX<float>::Zero(units, 1).eval());
  MatrixX<float> entries = take(trained.model.decode(MatrixX<float>::Identity(units, units).eval()), trained.order);
  for (Index i = 0; i < units; ++i) {
    entries.col(i) -= nothing;
    entries.col(i) *= 0.5F / (std::max)(entries.col(i).cwiseAbs().maxCoeff(), 1e-9F);
    entries.col(i).array() += 0.5F;
  }
  write_grid(options, file, entries, patch_shape, {.columns = 32, .scale = 3, .gap = 2});
}

/// The share of the training patches that each unit fires on.
template <class Model>
Series share_of(const Trained<Model>& trained, Index patches) {
  Series share{.name = trained.name};
  for (const Index i : trained.order)
    share.y.push_back(static_cast<double>(trained.counts[static_cast<std::size_t>(i)]) / static_cast<double>(patches));
  return share;
}

template <class Model>
Series loss_of(const Trained<Model>& trained) {
  Series loss{.name = trained.name};
  for (const EpochReport& epoch : trained.history.epochs)
    loss.y.push_back(epoch.loss() / static_cast<double>(patch_shape.size()));
  return loss;
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

  const auto top = train_and_measure("TopK", options, training, tiled, units, TopK{firing});
  const L0 aim{.weight = l0_weight, .target = static_cast<double>(firing)};
  const auto jump = train_and_measure("JumpReLU", options, training, tiled, units, jump_relu, Sparse{aim},
                                      WeightDecay<AtLayer<2>>{.weight = 3e-4});  // of entries that few patches take

  describe(report, top.model, top.history);
  report.train_images = static_cast<Index>(parts.train.size());
  report.test_images = held_out.cols();
  report.code_size = firing;
  report.train_mse = top.train_mse;
  report.test_mse = top.test_mse;
  report.more = {{"units", static_cast<double>(units)},
                 {"dead_units", static_cast<double>(top.dead)},
                 {"mean_active_units", top.test_firing},
                 {"jump_relu_train_mse", jump.train_mse},
                 {"jump_relu_test_mse", jump.test_mse},
                 {"jump_relu_dead_units", static_cast<double>(jump.dead)},
                 {"jump_relu_train_mean_firing", jump.train_firing},
                 {"jump_relu_mean_firing", jump.test_firing}};
  for (const auto& term : jump.history.epochs.back().terms)
    if (term.name == L0::name) report.more.emplace_back("jump_relu_train_L0", term.value);

  write_plot(options, "firing.svg", {share_of(top, training.cols()), share_of(jump, training.cols())},
             {.title = "How often each unit fires",
              .x_label = "unit, the most frequent first",
              .y_label = "share of the training patches",
              .log_y = true});
  write_plot(options, "firing_by_epoch.svg",
             {{.name = top.name, .y = top.firing}, {.name = jump.name, .y = jump.firing}},
             {.title = "How many units fire",
              .x_label = "epoch",
              .y_label = "units on a training patch",
              .log_y = true});
  write_plot(options, "loss.svg", {loss_of(top), loss_of(jump)},
             {.title = options.program, .x_label = "epoch", .y_label = "squared error per value", .log_y = true});
  write_dictionary(options, "dictionary.png", top);
  write_dictionary(options, "dictionary_jump_relu.png", jump);
  const std::vector<Index> shown = evenly(12, held_out.cols());
  const auto whole = [&](const MatrixX<float>& patches) { return take(join_tiles(patches), shown); };
  write_rows(options, "reconstructions.png",
             {take(held_out, shown), whole(top.model.reconstruct(tiled).colwise() + pca.mean()),
              whole(jump.model.reconstruct(tiled).colwise() + pca.mean()), whole(pca.reconstruct(clean))},
             images.shape);

  std::string table =
      formatted("\n  %-10s %13s %13s %21s %20s %6s\n", "", "held-out MSE", "training MSE", "fire, held-out patch",
                    "fire, training patch", "dead");
  const auto row = [&](const auto& one) {
    table += formatted("  %-10s %13.6f %13.6f %21.2f %20.2f %6td\n", one.name.c_str(), one.test_mse, one.train_mse,
                       one.test_firing, one.train_firing, one.dead);
  };
  row(top);
  row(jump);
  table += formatted("\nOf %td units; dead ones fire on no training patch. Rows of reconstructions.png: images, TopK, "
                     "JumpReLU, PCA.\n", units);
  finish_with(to_table(report) + table, options, report,
              {"dictionary.png", "dictionary_jump_relu.png", "firing.svg", "firing_by_epoch.svg"});
}

}  // namespace

int main(int argc, char** argv) {
  Index units = 512, firing = 12;
  return run_example(
      argc, argv,
      {"pokemon_sparse",
       "Learns a dictionary of patches of sprites, of which few make up a patch, and compares it with PCA."},
      [&](CommandLine& line) {
        line.show_defaults(recipe);
        line.explain("--batch-size", "Patches in a step");
        line.whole("--units", units, 1, "Units of the code: entries of the dictionary");
        line.whole("--firing", firing, 1, "Units that fire on a patch, of all");
      },
      [&](const Options& options) {
        if (firing > units) throw UsageError("--firing: no more units than --units can fire");
        run(options, units, firing);
      });
}
