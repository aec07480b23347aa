#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// The figures of a run. Missing figures are empty: null in the file, a dash in the table. Errors
/// are means over all values, of clean images in inference mode; where a run restores corrupted images, the errors of
/// these against the clean ones, and where it fills holes, over the erased values.
struct Report {
  std::string example;
  std::vector<std::pair<std::string, std::string>> texts;  ///< further texts of an example
  eigencoder::Index images = 0;
  eigencoder::Index train_images = 0;
  std::optional<eigencoder::Index> test_images;  ///< empty: no image was held out
  eigencoder::Index code_size = 0;               ///< values stored for an image
  eigencoder::Index parameters = 0;
  eigencoder::Index epochs = 0;
  double seconds = 0;  ///< of training
  int threads = 1;
  std::uint64_t seed = 0;

  std::optional<double> train_mse;
  std::optional<double> test_mse;
  std::optional<double> mean_image_train_mse;  ///< every image taken for the mean of the training images
  std::optional<double> mean_image_test_mse;
  std::optional<double> pca_train_mse;  ///< PCA of the training images at as many values
  std::optional<double> pca_test_mse;
  std::optional<eigencoder::Index> pca_components;  ///< the values, capped at the rank

  /// The last epoch's objective as met in training, a mean per sample, and its terms by name.
  std::optional<double> train_objective;
  std::vector<std::pair<std::string, double>> terms;

  std::vector<std::pair<std::string, std::optional<double>>> more;  ///< further fields of an example
};

/// The report as one flat JSON object.
std::string to_json(const Report& report);

/// The closing table, at most 80 columns wide.
std::string to_table(const Report& report);

/// The line below a table: how long the training took, and how large the model is.
std::string training_line(const Report& report);

}  // namespace examples
