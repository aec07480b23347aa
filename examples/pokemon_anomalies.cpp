// An autoencoder that learned from Pokemon sprites alone, or from any folder of images, finds images that do not belong
// to them, and shows where: it is tested on sprites that it has never seen, as they are and damaged, on digits and on
// faces.
//
// Training paints patterns over the sprites (common/overpainting.hpp), and the autoencoder learns to remove them. What
// it would change in an image is odd: the squared difference, smoothed a little, is a heat map, and its highest value
// the score (common/smoothed_error_score.hpp). Corruption and score are parts of our own in a model and a detector of
// the library. The damage of the test (common/damage.hpp) is of other kinds than what training paints.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <string>
#include <vector>
#include "common/damage.hpp"
#include "common/detection_figures.hpp"
#include "common/foreign_images.hpp"
#include "common/heat_map.hpp"
#include "common/histogram.hpp"
#include "common/images.hpp"
#include "common/odd_pictures.hpp"
#include "common/overpainting.hpp"
#include "common/plots.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/smoothed_error_score.hpp"
#include "common/text_file.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 80, .batch_size = 16, .learning_rate = 3e-3};
constexpr double default_seconds = 120;
constexpr Index pca_components = 64;

/// What the command line asks for beside the shared options.
struct Settings {
  ImageSize size;
  Index width = 16;
  double false_alarms = 0.05;
  std::string part = "test";
};

/// Convolutions down to a quarter of the size and up again. The decoder also reads what the encoder saw at the full and
/// at half the size, so that it can keep what is right to the last pixel (Ronneberger, Fischer & Brox, "U-Net" (2015)).
auto restorer(Shape image, Index width) {
  const Same same;
  const Stride<2> half;
  const LeakyRelu activation{.negative_slope = 0.1};
  return Autoencoder{
      Encoder{Image{image.height, image.width, image.channels},
              Conv2d{width, 3, same}, BatchNorm{}, activation,
              Conv2d{width, 3, same}, BatchNorm{}, activation,           // layer 5, the full size
              Conv2d{2 * width, 3, half, same}, BatchNorm{}, activation,
              Conv2d{2 * width, 3, same}, BatchNorm{}, activation,       // layer 11, half the size
              Conv2d{4 * width, 3, half, same}, BatchNorm{}, activation,
              Conv2d{4 * width, 3, same}, BatchNorm{}, activation},
      Decoder{UpsampleTo{(image.height + 1) / 2, (image.width + 1) / 2}, SkipConcatenate<AtLayer<11>>{},
              Conv2d{2 * width, 3, same}, BatchNorm{}, activation,
              UpsampleTo{image.height, image.width}, SkipConcatenate<AtLayer<5>>{},
              Conv2d{width, 3, same}, BatchNorm{}, activation,
              Conv2d{image.channels, 3, same}, Sigmoid{}},
      SquaredError{},
      Augmented{HorizontalFlip{}, Shift{.pixels = 2}},
      Denoising{Overpainting{}}};
}

/// The detector in the words that all detectors have in common.
template <class Detector>
ImageDetector own_detector(const Detector& detector, Index channels) {
  return {"", "this detector", [&](View<float> samples) { return detector.score(samples); },
          [&detector, channels](View<float> samples) { return pixel_heat(detector.contributions(samples), channels); }};
}

/// Odd images of all kinds: each test sprite with each kind of damage, and digits and faces, as many if there are.
std::vector<ImageGroup> odd_images(const Dataset<float>& sprites, std::uint64_t seed) {
  std::vector<ImageGroup> groups;
  for (const Damage damage : all_damage) {
    DamagedImages images = damaged(sprites, damage, seed);
    groups.push_back({name_of(damage), images.samples, images.masks});
  }
  groups.push_back({"digits", foreign_digits(sprites.size(), sprites, seed).samples});
  groups.push_back({"faces", foreign_faces(sprites.size(), sprites.shape).samples});
  return groups;
}

/// Writes `histogram.svg`. Scores differ by orders of magnitude, so the plot shows their logarithms.
template <class Detector>
void write_histogram(const Options& options, const Detector& detector, const MatrixX<float>& sprites,
                     const std::vector<ImageGroup>& groups) {
  const auto logarithm = [](double score) { return std::log10((std::max)(score, 1e-12)); };
  std::vector<NamedValues> kinds{{"sprites", {}}, {"damaged sprites", {}}, {"digits", {}}, {"faces", {}}};
  const auto add = [&](NamedValues& kind, const MatrixX<float>& samples) {
    if (samples.cols() == 0) return;
    for (const double score : detector.score(samples)) kind.values.push_back(logarithm(score));
  };
  add(kinds[0], sprites);
  for (const ImageGroup& group : groups)
    add(group.is_damage() ? kinds[1] : group.name == "digits" ? kinds[2] : kinds[3], group.samples);
  write_plot(options, "histogram.svg", histograms(kinds),
             {.title = "Scores of images that the detector has never seen",
              .x_label = "log10 of the score: higher is odder",
              .y_label = "% of the images of a kind",
              .mark = PlotMark{"threshold", logarithm(detector.threshold())}});
}

/// What the pictures show.
std::string about_pictures(const std::vector<ImageGroup>& groups) {
  return "anomalies.png, columns: " + odd_picture_columns(groups) +
         ".\nanomalies.png, rows from above: the image before the damage, as it was tested, reconstructed, its heat\n"
         "map (red is above the threshold), where the damage is (black).\n"
         "reconstructions.png, columns: held-out images; rows from above: the image, reconstructed by the detector, by "
         "PCA.\n";
}

void run(const Options& options, const Dataset<float>& images, const Settings& settings) {
  // Choices were made on `--part validation`; the test part has seen none of them.
  const auto [training, tested] = take_parts(images, settings.part, options.seed);

  const auto model = restorer(images.shape, settings.width);
  AnomalyDetector detector{
      model, DetectorOptions{.scaling = DetectorScaling::none, .false_alarms = settings.false_alarms},
      SmoothedErrorScore{.image = images.shape}};
  const FitOptions<float> how = fit_options(options, recipe, {});
  announce(model.summary(), "Adam", options, recipe, how);
  const History history = detector.fit(training, Adam{.learning_rate = recipe.learning_rate}, how).front();

  Report report = report_of(options, images.size());
  describe(report, detector.models().front(), history);
  measure(report, detector.models().front(), training, tested);
  const Baseline pca = measure_baselines(report, training, tested, pca_components);
  const std::vector<ImageGroup> groups = odd_images(tested, options.seed);
  const std::vector<ImageDetector> detectors{own_detector(detector, images.shape.channels),
                                             pca_detector(pca, images.shape), nearest_detector(training)};
  const DetectionFigures figures = detect(detectors, detector.threshold(), tested.samples, groups);
  report.more.push_back({"threshold", detector.threshold()});
  report.more.push_back({"false_alarms", settings.false_alarms});
  add_figures(report, figures);

  write_reconstructions(options, images.shape, tested, detector.reconstruct(tested), pca.reconstruct(tested));
  write_odd_pictures(options, "anomalies.png", tested, groups,
                     {[&](View<float> samples) { return detector.reconstruct(samples); }, detectors.front().heat,
                      detector.threshold()});
  write_histogram(options, detector, tested.samples, groups);
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  const std::string pictures = about_pictures(groups);
  write_text(options.result("pictures.md"), pictures);
  finish_with(to_table(figures) + training_line(report), options, report,
              {"anomalies.png", "histogram.svg", "pictures.md"});
  std::cout << pictures;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  Options options{.program = "pokemon_anomalies",
                  .about = "Finds images that do not belong to those it learned from, and shows what is odd in them.",
                  .epochs = 0,
                  .batch_size = 0,
                  .seconds = default_seconds};
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        add_sprite_options(line, settings.size, recipe);
        line.explain("--seconds", "Seconds to train, 0 for no limit; all epochs take about 90 on 2 idle cores");
        line.whole("--width", settings.width, 1, "Channels of the first layers; others have up to four times as many");
        line.number("--false-alarms", settings.false_alarms, 0, "Share of normal images that may be flagged");
        add_part_option(line, settings.part);
      },
      [&] {
        if (!(settings.false_alarms > 0 && settings.false_alarms < 1))
          throw UsageError("--false-alarms: has to lie between 0 and 1, such as 0.05");
        // Training needs an image besides the one that the threshold takes.
        constexpr Index fewest = 5;
        run(options, load_images(options, settings.size.height, settings.size.width, fewest), settings);
      });
}
