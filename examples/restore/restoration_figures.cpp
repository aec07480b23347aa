#include "restoration_figures.hpp"

#include <cmath>
#include <common/formatted.hpp>
#include <cstddef>
#include <eigencoder/evaluation/masked_metrics.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/evaluation/structural_similarity.hpp>
#include "classic.hpp"

namespace examples {

using eigencoder::MatrixX;

namespace {

Closeness closeness_of(const MatrixX<float>& images, const Restorations& to) {
  const MatrixX<float> shown = images.cwiseMax(0.F).cwiseMin(1.F);
  const double mse = to.mask.size() > 0 ? eigencoder::mean_squared_error(to.clean, shown, to.mask)
                                        : eigencoder::mean_squared_error(to.clean, shown);
  return {mse, eigencoder::psnr(mse), eigencoder::structural_similarity(to.clean, shown, to.shape)};
}

/// What the damaged images are called in the table; those of `upscale` are the baseline's.
std::string damaged_name(Task task) {
  constexpr const char* names[] = {"the gray image", "the image with its hole, in black", "the marked image",
                                   "the small image, enlarged", "the blurred image"};
  return names[static_cast<std::size_t>(task)];
}

}  // namespace

RestorationFigures measure_restorations(const Restorations& images) {
  return {images.task, images.clean.cols(), closeness_of(images.damaged, images), closeness_of(images.restored, images),
          closeness_of(images.baseline, images)};
}

void add_figures(Report& report, const RestorationFigures& figures) {
  report.texts.push_back({"task", name_of(figures.task)});
  report.test_images = figures.images;
  report.test_mse = figures.restored.mse;
  report.more.insert(report.more.end(), {{"test_ssim", figures.restored.ssim},
                                         {"corrupted_psnr", figures.damaged.psnr},
                                         {"corrupted_ssim", figures.damaged.ssim},
                                         {"baseline_psnr", figures.baseline.psnr},
                                         {"baseline_ssim", figures.baseline.ssim}});
}

std::string to_table(const Report& report, const RestorationFigures& figures) {
  std::string out = formatted("\nHeld out: %td of %td images, seed %llu. Task: %s.\n", figures.images, report.images,
                              static_cast<unsigned long long>(report.seed), name_of(figures.task).c_str());
  if (figures.task == Task::inpaint) out += "MSE and PSNR are those of the holes, SSIM is that of whole images.\n";
  out += formatted("\n  %-34s %12s %12s %8s\n", "restored by", "held-out MSE", "PSNR", "SSIM");
  const auto row = [&](const std::string& name, const Closeness& found) {
    out += formatted("  %-34s %12.6f %9.2f dB %8.4f\n", name.c_str(), found.mse, found.psnr, found.ssim);
  };
  row("this model", figures.restored);
  row(classic_name(figures.task), figures.baseline);
  if (figures.task != Task::upscale) row(damaged_name(figures.task), figures.damaged);
  const double gain = figures.restored.psnr - figures.baseline.psnr;
  out += formatted("\nThe model is %.2f dB %s %s.\n", (std::abs)(gain), gain < 0 ? "below" : "above",
                   classic_name(figures.task).c_str());
  return out + training_line(report);
}

}  // namespace examples
