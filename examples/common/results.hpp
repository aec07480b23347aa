#pragma once

#include <eigencoder/core/parallel.hpp>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/core/view.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/evaluation/pca.hpp>
#include <eigencoder/io/line_plot.hpp>
#include <eigencoder/image/picture.hpp>
#include <iostream>
#include <string>
#include <vector>
#include "images.hpp"
#include "options.hpp"
#include "report.hpp"

/// @file
/// From a trained model to what a run leaves behind: figures beside those of PCA, pictures, a table.
namespace examples {

/// A report that knows what the options say; the rest is the program's to fill in.
inline Report report_of(const Options& options) {
  Report report;
  report.example = options.program;
  report.seed = options.seed;
  report.threads = eigencoder::threads();
  return report;
}

/// Fits PCA to the training samples and enters its errors, and those of the mean image. `components` is
/// the size of the code of one sample; without `test` samples the held-out figures stay empty.
inline eigencoder::Pca<float> measure_baselines(Report& report, eigencoder::View<float> train,
                                                eigencoder::View<float> test, eigencoder::Index components) {
  using eigencoder::View, eigencoder::mean_squared_error;
  eigencoder::Pca<float> pca(train, components);
  const auto mean_image_error = [&](View<float> samples) {
    const eigencoder::MatrixX<float> mean = pca.mean().replicate(1, samples.cols());
    return mean_squared_error(samples, View<float>(mean));
  };
  const auto pca_error = [&](View<float> samples) {
    return mean_squared_error(samples, View<float>(pca.reconstruct(samples)));
  };
  report.pca_components = pca.components();
  report.mean_image_train_mse = mean_image_error(train);
  report.pca_train_mse = pca_error(train);
  if (test.cols() > 0) {
    report.mean_image_test_mse = mean_image_error(test);
    report.pca_test_mse = pca_error(test);
  }
  return pca;
}

/// Writes `reconstructions.png`: originals, the model's and PCA's reconstructions below them, of twelve
/// images spread evenly over those given. All three sets hold the same images, one a column.
inline void write_reconstructions(const Options& options, const eigencoder::Shape& shape,
                                  eigencoder::View<float> originals, eigencoder::View<float> reconstructions,
                                  eigencoder::View<float> pca_reconstructions) {
  const std::vector<eigencoder::Index> places = evenly(12, originals.cols());
  const eigencoder::MatrixX<float> shown[] = {take(originals, places), take(reconstructions, places),
                                              take(pca_reconstructions, places)};
  const eigencoder::View<float> rows[] = {shown[0], shown[1], shown[2]};
  write_png(options.result("reconstructions.png"), comparison(rows, shape, {.scale = 3, .gap = 4}));
}

/// Writes `loss.svg`: the losses over the epochs, on a logarithmic axis if all are positive. An empty series is left
/// out.
inline void write_loss(const Options& options, const std::vector<double>& training,
                       const std::vector<double>& validation, const std::string& what = "loss") {
  std::vector<eigencoder::Series> series;
  bool positive = true;
  for (const std::vector<double>* losses : {&training, &validation})
    for (const double loss : *losses) positive = positive && loss > 0;
  if (!training.empty()) series.push_back({.name = "training", .y = training});
  if (!validation.empty()) series.push_back({.name = "validation", .y = validation});
  write_svg(options.result("loss.svg"), series,
            {.title = options.program, .x_label = "epoch", .y_label = what, .log_y = positive});
}

/// Writes `metrics.json` and closes the run with a table of its own. `more` names further results.
inline void finish_with(const std::string& table, const Options& options, const Report& report,
                        const std::vector<std::string>& more = {}) {
  write_text(options.result("metrics.json"), to_json(report));
  std::cout << table;
  if (options.quick) std::cout << "A quick run shows that all works; its errors mean nothing.\n";
  std::cout << "Results are in " << options.out << ": metrics.json, reconstructions.png, loss.svg";
  for (const std::string& name : more) std::cout << ", " << name;
  std::cout << "\n";
}

/// The same with the table that compares reconstructions with PCA's.
inline void finish(const Options& options, const Report& report, const std::vector<std::string>& more = {}) {
  finish_with(to_table(report), options, report, more);
}

}  // namespace examples
