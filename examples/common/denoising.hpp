#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/data/dataset.hpp>
#include <string>
#include <utility>
#include <vector>
#include "baseline.hpp"
#include "options.hpp"
#include "report.hpp"

/// @file
/// What the denoising programs share: images beside what a corruption makes of them, and how well they are restored.
namespace examples {

/// Clean images and what a corruption makes of them, in the same order.
struct Specimens {
  eigencoder::Dataset<float> clean;
  eigencoder::MatrixX<float> corrupted;

  /// The mean squared error per value of images against the clean ones.
  double error_of(eigencoder::View<float> images) const;
};

template <class Corruption>
Specimens corrupt(eigencoder::Dataset<float> clean, const Corruption& corruption, std::uint64_t seed) {
  eigencoder::MatrixX<float> images = eigencoder::corrupted(clean, clean.shape, corruption, seed);
  return {std::move(clean), std::move(images)};
}

/// The number of PCA's leading components that restores corrupted images best, at least 1. Components are
/// orthonormal, so each adds noisy^2 - 2 clean noisy to the squared error, whatever the others.
eigencoder::Index best_components(const Baseline& pca, const Specimens& specimens);

/// A row of the closing table.
struct Restored {
  std::string name;
  double test_mse;  ///< of held-out images, restored by what the name says
};

/// Reports the errors of ways to restore corrupted images without a model: PCA fitted to clean images, with the model's
/// code size and with as many components as restore the corrupted training images best, the corrupted images as they
/// are, and the mean image. Returns rows of the table for all of these.
std::vector<Restored> measure_other_restorations(Report& report, const Specimens& training, const Specimens& held_out);

/// Reports the model's errors on corrupted images, and those of other ways to restore them. Returns rows of the
/// table for all of these, the model's first.
template <class Model>
std::vector<Restored> measure_restoration(Report& report, const Model& model, const Specimens& training,
                                          const Specimens& held_out) {
  report.train_images = training.clean.size();
  report.test_images = held_out.clean.size();
  report.code_size = model.code_size();
  report.train_mse = model.evaluate(training.corrupted, training.clean).mse;
  report.test_mse = model.evaluate(held_out.corrupted, held_out.clean).mse;
  report.more.push_back({"clean_test_mse", model.evaluate(held_out.clean).mse});
  std::vector<Restored> rows = measure_other_restorations(report, training, held_out);
  rows.insert(rows.begin(), {"this model, code of " + std::to_string(report.code_size), *report.test_mse});
  return rows;
}

/// Writes `reconstructions.png`: twelve held-out images a row. First the corrupted ones, then the `restored` ones, last
/// the clean ones.
void write_restorations(const Options& options, const Specimens& held_out,
                        const std::vector<eigencoder::MatrixX<float>>& restored);

/// The closing table, at most 80 columns wide.
std::string to_table(const Report& report, const std::vector<Restored>& rows);

}  // namespace examples
