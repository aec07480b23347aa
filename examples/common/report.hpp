#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <eigencoder/core/types.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/io/file.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// The figures of a run. What a run has not is left empty: null in the file, a dash in the table. Errors
/// are means over all values, of clean images in inference mode; where a run restores corrupted images, the errors of
/// these against the clean ones.
struct Report {
  std::string example;
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

/// Peak signal-to-noise ratio in dB for values in [0, 1], where there is an error to take it of.
inline std::optional<double> psnr_of(const std::optional<double>& mse) {
  if (!mse || !(*mse >= 0)) return {};
  return eigencoder::psnr(*mse);
}

/// Shortest decimal that reads back as the same number; null where there is none in JSON.
inline std::string json_number(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return "null";
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, *value).ptr};
}

inline std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    char escaped[8];
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
    else
      out.append(escaped, static_cast<std::size_t>(std::snprintf(escaped, sizeof escaped, "\\u%04x", c)));
  }
  return out += '"';
}

/// The report as one flat JSON object.
inline std::string to_json(const Report& report) {
  std::string out;
  const auto field = [&](const std::string& name, const std::string& value) {
    out += (out.empty() ? "{\n  " : ",\n  ") + json_text(name) + ": " + value;
  };
  const auto whole = [&](const std::string& name, const std::optional<eigencoder::Index>& value) {
    field(name, value ? std::to_string(*value) : "null");
  };
  const auto number = [&](const std::string& name, const std::optional<double>& value) {
    field(name, json_number(value));
  };
  field("example", json_text(report.example));
  whole("images", report.images);
  whole("train_images", report.train_images);
  whole("test_images", report.test_images);
  whole("code_size", report.code_size);
  whole("parameters", report.parameters);
  whole("epochs", report.epochs);
  number("seconds", report.seconds);
  whole("threads", report.threads);
  field("seed", std::to_string(report.seed));
  number("train_mse", report.train_mse);
  number("test_mse", report.test_mse);
  number("test_psnr", psnr_of(report.test_mse));
  number("mean_image_train_mse", report.mean_image_train_mse);
  number("mean_image_test_mse", report.mean_image_test_mse);
  number("pca_train_mse", report.pca_train_mse);
  number("pca_test_mse", report.pca_test_mse);
  whole("pca_components", report.pca_components);
  number("train_objective", report.train_objective);
  for (const auto& [name, value] : report.terms) number("train_" + name, value);
  for (const auto& [name, value] : report.more) number(name, value);
  return out + "\n}\n";
}

/// Puts a text into a file, wholly or not at all. @throws eigencoder::FileError
inline void write_text(const std::string& path, const std::string& text) {
  eigencoder::detail::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// The closing table, at most 80 columns wide.
inline std::string to_table(const Report& report) {
  std::string out;
  char line[160];
  const auto add = [&](const char* format, const auto&... values) {
    out.append(line, static_cast<std::size_t>(std::snprintf(line, sizeof line, format, values...)));
  };
  const auto cell = [](const char* format, const std::optional<double>& value) {
    char text[32];
    return value
               ? std::string(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, *value)))
               : "-";
  };
  const bool held_out = report.test_images.has_value();
  const auto row = [&](const std::string& name, const std::optional<double>& test,
                       const std::optional<double>& train) {
    const std::string psnr = cell("%.2f dB", psnr_of(held_out ? test : train)), own = cell("%.6f", train);
    if (held_out)
      add("  %-30s %12s %11s %13s\n", name.c_str(), cell("%.6f", test).c_str(), psnr.c_str(), own.c_str());
    else
      add("  %-30s %12s %11s\n", name.c_str(), own.c_str(), psnr.c_str());
  };
  if (held_out) {
    add("\nHeld out: %td of %td images, seed %llu. Errors are per value.\n\n", *report.test_images,
        report.images, static_cast<unsigned long long>(report.seed));
    add("  %-30s %12s %11s %13s\n", "", "held-out MSE", "PSNR", "training MSE");
  } else {
    add("\nNo image was held out: the errors are those of %td training images, per value.\n\n",
        report.train_images);
    add("  %-30s %12s %11s\n", "", "training MSE", "PSNR");
  }
  row("this model, code of " + std::to_string(report.code_size), report.test_mse, report.train_mse);
  if (report.pca_components)
    row("PCA, code of " + std::to_string(*report.pca_components), report.pca_test_mse, report.pca_train_mse);
  row("the mean image", report.mean_image_test_mse, report.mean_image_train_mse);

  const auto& own = held_out ? report.test_mse : report.train_mse;
  const auto& pca = held_out ? report.pca_test_mse : report.pca_train_mse;
  if (own && pca) {
    const double change = 100 * (*own / *pca - 1);
    add("\nThe model's %s error is %.1f%% %s PCA's.\n", held_out ? "held-out" : "training", std::abs(change),
        change < 0 ? "below" : "above");
  }
  add("%td epochs in %.1f s on %d thread%s; %td parameters.\n", report.epochs, report.seconds, report.threads,
      report.threads == 1 ? "" : "s", report.parameters);
  return out;
}

}  // namespace examples
