#include "denoising.hpp"

#include <eigencoder/data/split.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include "formatted.hpp"
#include "images.hpp"
#include "pictures.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

double Specimens::error_of(View<float> images) const {
  return eigencoder::mean_squared_error(View<float>(clean), images);
}

Index best_components(const Baseline& pca, const Specimens& specimens) {
  const MatrixX<float> clean = pca.encode(specimens.clean), noisy = pca.encode(specimens.corrupted);
  double error = 0, least = 0;
  Index best = 1;
  for (Index k = 0; k < pca.components(); ++k) {
    for (Index j = 0; j < clean.cols(); ++j) {
      const double met = static_cast<double>(noisy(k, j)), expected = static_cast<double>(clean(k, j));
      error += met * (met - 2 * expected);
    }
    if (k == 0 || error < least) {
      least = error;
      best = k + 1;
    }
  }
  return best;
}

std::vector<Restored> measure_other_restorations(Report& report, const Specimens& training,
                                                 const Specimens& held_out) {
  const Baseline pca(training.clean, report.code_size);
  const Baseline best(training.clean, best_components(pca, training));
  const auto mean = [&](const Specimens& set) { return MatrixX<float>(pca.mean().replicate(1, set.clean.size())); };
  report.pca_components = pca.components();
  report.pca_train_mse = training.error_of(pca.reconstruct(training.corrupted));
  report.pca_test_mse = held_out.error_of(pca.reconstruct(held_out.corrupted));
  report.mean_image_train_mse = training.error_of(mean(training));
  report.mean_image_test_mse = held_out.error_of(mean(held_out));
  const double best_pca = held_out.error_of(best.reconstruct(held_out.corrupted));
  const double corrupted = held_out.error_of(held_out.corrupted);
  report.more.insert(report.more.end(), {{"corrupted_test_mse", corrupted},
                                         {"best_pca_test_mse", best_pca},
                                         {"best_pca_components", static_cast<double>(best.components())}});
  return {{"PCA, code of " + std::to_string(pca.components()), *report.pca_test_mse},
          {"PCA at its best, code of " + std::to_string(best.components()), best_pca},
          {"the corrupted images themselves", corrupted},
          {"the mean image", *report.mean_image_test_mse}};
}

void write_restorations(const Options& options, const Specimens& held_out,
                        const std::vector<MatrixX<float>>& restored) {
  const std::vector<Index> indices = evenly(12, held_out.clean.size());
  std::vector<MatrixX<float>> shown = {eigencoder::take(held_out.corrupted, indices)};
  for (const auto& images : restored) shown.push_back(eigencoder::take(images, indices));
  shown.push_back(eigencoder::take(held_out.clean.samples, indices));
  write_rows(options, "reconstructions.png", shown, held_out.clean.shape);
}

std::string to_table(const Report& report, const std::vector<Restored>& rows) {
  std::string out = formatted(
      "\nHeld out: %td of %td images, seed %llu, corrupted.\nErrors are per value, against the clean images.\n\n",
      *report.test_images, report.images, static_cast<unsigned long long>(report.seed));
  out += formatted("  %-42s %12s %12s\n", "restored by", "held-out MSE", "PSNR");
  for (const Restored& row : rows)
    out += formatted("  %-42s %12.6f %9.2f dB\n", row.name.c_str(), row.test_mse, eigencoder::psnr(row.test_mse));
  return out + "\n" + training_line(report);
}

}  // namespace examples
