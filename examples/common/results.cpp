#include "results.hpp"

#include <eigencoder/data/split.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/extend/threads.hpp>
#include <iostream>
#include "images.hpp"
#include "pictures.hpp"
#include "plots.hpp"
#include "text_file.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

Report report_of(const Options& options, Index images) {
  Report report;
  report.example = options.program;
  report.images = images;
  report.seed = options.seed;
  report.threads = eigencoder::threads();
  return report;
}

Baseline measure_baselines(Report& report, View<float> train, View<float> test, Index components) {
  using eigencoder::mean_squared_error;
  const Baseline pca(train, components);
  const auto mean_image_error = [&](View<float> samples) {
    const MatrixX<float> mean = pca.mean().replicate(1, samples.cols());
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

void write_reconstructions(const Options& options, const eigencoder::Shape& shape, View<float> originals,
                           View<float> reconstructions, View<float> pca_reconstructions) {
  const std::vector<Index> indices = evenly(12, originals.cols());
  write_rows(options, "reconstructions.png",
             {take(originals, indices), take(reconstructions, indices), take(pca_reconstructions, indices)}, shape);
}

void write_loss(const Options& options, const std::vector<double>& training, const std::vector<double>& validation,
                const std::string& what) {
  std::vector<Series> series;
  bool positive = true;
  for (const std::vector<double>* losses : {&training, &validation})
    for (const double loss : *losses) positive = positive && loss > 0;
  if (!training.empty()) series.push_back({.name = "training", .y = training});
  if (!validation.empty()) series.push_back({.name = "validation", .y = validation});
  write_plot(options, "loss.svg", series,
             {.title = options.program, .x_label = "epoch", .y_label = what, .log_y = positive});
}

void finish_with(const std::string& table, const Options& options, const Report& report,
                 const std::vector<std::string>& more) {
  write_text(options.result("metrics.json"), to_json(report));
  std::cout << table;
  if (options.quick) std::cout << "A quick run shows that all works; its errors mean nothing.\n";
  std::cout << "Results are in " << options.out << ": metrics.json, reconstructions.png, loss.svg";
  for (const std::string& name : more) std::cout << ", " << name;
  std::cout << "\n";
}

void finish(const Options& options, const Report& report, const std::vector<std::string>& more) {
  finish_with(to_table(report), options, report, more);
}

}  // namespace examples
