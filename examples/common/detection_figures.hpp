#pragma once

#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <vector>
#include "image_detector.hpp"
#include "report.hpp"

/// @file
/// How well detectors tell groups of odd images from normal ones, and show where these are odd.
namespace examples {

/// Odd images of one kind.
struct ImageGroup {
  std::string name;
  eigencoder::MatrixX<float> samples;
  /// 1 for each damaged pixel: pixels x images; empty for images that are odd as a whole.
  eigencoder::MatrixX<float> masks = {};

  bool is_damage() const { return masks.size() > 0; }
};

/// How well scores and heat maps separate; empty where there is nothing to separate.
struct Separation {
  std::optional<double> roc_auc, average_precision;
  std::optional<double> pixel_roc_auc;  ///< of damaged pixels from the intact ones of the same images
};

/// The figures of one group.
struct GroupFigures {
  std::string name;
  bool is_damage = false;
  eigencoder::Index images = 0;
  eigencoder::Index flagged = 0;          ///< by the first detector, at its threshold
  std::vector<Separation> by_detector;    ///< in the order of the detectors
};

/// The figures of a test.
struct DetectionFigures {
  std::vector<std::string> keys, names;  ///< of the detectors
  eigencoder::Index normal = 0;
  eigencoder::Index false_alarms = 0;    ///< normal images that the first detector flags
  std::vector<GroupFigures> groups;

  double false_alarm_rate() const;

  /// The means over the kinds of damage, of one detector.
  Separation mean_damage(std::size_t detector) const;
};

/// Lets detectors score normal images and groups of odd ones. `threshold` is the first detector's. A group without
/// images is left out.
DetectionFigures detect(const std::vector<ImageDetector>& detectors, double threshold,
                        const eigencoder::MatrixX<float>& normal, const std::vector<ImageGroup>& groups);

/// Adds the figures to `Report::more`: `<group>_roc_auc`, `<group>_average_precision`, `<group>_pixel_roc_auc`,
/// `<group>_flagged`, the same for `damage`, the mean of its kinds, and for the other detectors with their keys in
/// front; `false_alarm_rate`.
void add_figures(Report& report, const DetectionFigures& figures);

/// The closing table, at most 80 columns wide.
std::string to_table(const DetectionFigures& figures);

}  // namespace examples
