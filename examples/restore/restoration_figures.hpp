#pragma once

#include <common/report.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include "restorations.hpp"

/// @file
/// How close restored images come to the clean ones.
namespace examples {

/// How close images come to the clean ones, values clamped to [0, 1].
struct Closeness {
  double mse = 0;   ///< per value of all images; of erased values alone where some were erased
  double psnr = 0;  ///< of that error, in decibels
  double ssim = 0;  ///< the mean structural similarity of whole images
};

/// The figures of a test.
struct RestorationFigures {
  Task task;
  eigencoder::Index images = 0;
  Closeness damaged, restored, baseline;
};

/// @throws ShapeError where the sizes do not fit
/// @throws DataError without images
RestorationFigures measure_restorations(const Restorations& images);

/// Reports `task`, `test_mse` and with it `test_psnr`, `test_ssim`, and `corrupted_psnr`, `corrupted_ssim`,
/// `baseline_psnr`, `baseline_ssim`.
void add_figures(Report& report, const RestorationFigures& figures);

/// The closing table, at most 80 columns wide.
std::string to_table(const Report& report, const RestorationFigures& figures);

}  // namespace examples
