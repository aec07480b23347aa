#pragma once

#include <cstdint>
#include <cstdio>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/evaluation/pca.hpp>
#include <eigencoder/image/picture.hpp>
#include <iostream>
#include <string>
#include <utility>
#include <vector>
#include "images.hpp"
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
  double error_of(eigencoder::View<float> images) const {
    return eigencoder::mean_squared_error(eigencoder::View<float>(clean), images);
  }
};

template <class Corruption>
Specimens corrupt(eigencoder::Dataset<float> clean, const Corruption& corruption, std::uint64_t seed) {
  eigencoder::MatrixX<float> images = eigencoder::corrupted(clean, clean.shape, corruption, seed);
  return {std::move(clean), std::move(images)};
}

/// The number of PCA's leading components that restores corrupted images best, at least 1. Components are
/// orthonormal, so each adds noisy^2 - 2 clean noisy to the squared error, whatever the others.
inline eigencoder::Index best_components(const eigencoder::Pca<float>& pca, const Specimens& specimens) {
  const eigencoder::MatrixX<float> clean = pca.encode(specimens.clean), noisy = pca.encode(specimens.corrupted);
  double error = 0, least = 0;
  eigencoder::Index best = 0;
  for (eigencoder::Index k = 0; k < pca.components(); ++k) {
    for (eigencoder::Index j = 0; j < clean.cols(); ++j) {
      const double met = static_cast<double>(noisy(k, j)), wanted = static_cast<double>(clean(k, j));
      error += met * (met - 2 * wanted);
    }
    if (k == 0 || error < least) {
      least = error;
      best = k + 1;
    }
  }
  return best;
}

/// A row of the closing table.
struct Restored {
  std::string name;
  double test_mse;  ///< of held-out images, restored by what the name says
};

/// Enters the model's errors on corrupted images, and those of other ways to restore them: PCA fitted to clean images,
/// with the model's code size and with as many components as restore the corrupted training images best, the
/// corrupted images as they are, and the mean image. Rows of the table for all of these, the model's first.
template <class Model>
std::vector<Restored> measure_restoration(Report& report, const Model& model, const Specimens& training,
                                          const Specimens& held_out) {
  using eigencoder::MatrixX, eigencoder::Pca;
  report.images = training.clean.size() + held_out.clean.size();
  report.train_images = training.clean.size();
  report.test_images = held_out.clean.size();
  report.code_size = model.code_size();
  report.train_mse = model.evaluate(training.corrupted, training.clean).mse;
  report.test_mse = model.evaluate(held_out.corrupted, held_out.clean).mse;

  const Pca<float> pca(training.clean, report.code_size);
  const Pca<float> best(training.clean, best_components(pca, training));
  const auto mean = [&](const Specimens& set) { return MatrixX<float>(pca.mean().replicate(1, set.clean.size())); };
  report.pca_components = pca.components();
  report.pca_train_mse = training.error_of(pca.reconstruct(training.corrupted));
  report.pca_test_mse = held_out.error_of(pca.reconstruct(held_out.corrupted));
  report.mean_image_train_mse = training.error_of(mean(training));
  report.mean_image_test_mse = held_out.error_of(mean(held_out));
  const double best_pca = held_out.error_of(best.reconstruct(held_out.corrupted));
  const double corrupted = held_out.error_of(held_out.corrupted);
  report.more.insert(report.more.end(), {{"clean_test_mse", model.evaluate(held_out.clean).mse},
                                         {"corrupted_test_mse", corrupted},
                                         {"best_pca_test_mse", best_pca},
                                         {"best_pca_components", static_cast<double>(best.components())}});
  return {{"this model, code of " + std::to_string(report.code_size), *report.test_mse},
          {"PCA, code of " + std::to_string(pca.components()), *report.pca_test_mse},
          {"PCA at its best, code of " + std::to_string(best.components()), best_pca},
          {"the corrupted images themselves", corrupted},
          {"the mean image", *report.mean_image_test_mse}};
}

/// Writes `reconstructions.png`: twelve held-out images a row. First the corrupted ones, then what is given, last the
/// clean ones.
inline void write_restorations(const Options& options, const Specimens& held_out,
                               const std::vector<eigencoder::MatrixX<float>>& restored) {
  const std::vector<eigencoder::Index> places = evenly(12, held_out.clean.size());
  std::vector<eigencoder::MatrixX<float>> shown = {eigencoder::take(held_out.corrupted, places)};
  for (const auto& images : restored) shown.push_back(eigencoder::take(images, places));
  shown.push_back(eigencoder::take(held_out.clean.samples, places));
  const std::vector<eigencoder::View<float>> rows(shown.begin(), shown.end());
  write_png(options.result("reconstructions.png"), comparison(rows, held_out.clean.shape, {.scale = 3, .gap = 4}));
}

/// The closing table, at most 80 columns wide.
inline std::string to_table(const Report& report, const std::vector<Restored>& rows) {
  std::string out;
  char line[160];
  const auto add = [&](const char* format, const auto&... values) {
    out.append(line, static_cast<std::size_t>(std::snprintf(line, sizeof line, format, values...)));
  };
  add("\nHeld out: %td of %td images, seed %llu, corrupted.\nErrors are per value, against the clean images.\n\n",
      *report.test_images, report.images, static_cast<unsigned long long>(report.seed));
  add("  %-42s %12s %12s\n", "restored by", "held-out MSE", "PSNR");
  for (const Restored& row : rows)
    add("  %-42s %12.6f %9.2f dB\n", row.name.c_str(), row.test_mse, eigencoder::psnr(row.test_mse));
  add("\n%td epochs in %.1f s on %d thread%s; %td parameters.\n", report.epochs, report.seconds, report.threads,
      report.threads == 1 ? "" : "s", report.parameters);
  return out;
}

}  // namespace examples
