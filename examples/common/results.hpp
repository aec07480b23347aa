#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>
#include "baseline.hpp"
#include "options.hpp"
#include "report.hpp"

/// @file
/// A run's results: figures beside those of PCA, pictures, a table.
namespace examples {

/// A report with the options and the number of images; the program fills in the rest.
Report report_of(const Options& options, eigencoder::Index images);

/// Reports the numbers of training and held-out samples, and the model's errors on both.
template <class Model>
void measure(Report& report, const Model& model, eigencoder::View<float> training, eigencoder::View<float> held_out) {
  report.train_images = training.cols();
  report.test_images = held_out.cols();
  report.code_size = model.code_size();
  report.train_mse = model.evaluate(training).mse;
  report.test_mse = model.evaluate(held_out).mse;
}

/// Fits PCA to the training samples and reports its errors, and those of the mean image. `components` is
/// the size of the code of one sample; without `test` samples the held-out figures stay empty.
Baseline measure_baselines(Report& report, eigencoder::View<float> train, eigencoder::View<float> test,
                           eigencoder::Index components);

/// Writes `reconstructions.png`: originals, the model's and PCA's reconstructions below them, of twelve
/// images spread evenly over those given. All three sets hold the same images, one a column.
void write_reconstructions(const Options& options, const eigencoder::Shape& shape, eigencoder::View<float> originals,
                           eigencoder::View<float> reconstructions, eigencoder::View<float> pca_reconstructions);

/// Writes `loss.svg`: the losses over the epochs, on a logarithmic axis if all are positive. An empty series is left
/// out.
void write_loss(const Options& options, const std::vector<double>& training, const std::vector<double>& validation,
                const std::string& what = "loss");

/// Writes `metrics.json` and closes the run with a table of its own. `more` names further results.
void finish_with(const std::string& table, const Options& options, const Report& report,
                 const std::vector<std::string>& more = {});

/// The same with the table that compares reconstructions with PCA's.
void finish(const Options& options, const Report& report, const std::vector<std::string>& more = {});

}  // namespace examples
