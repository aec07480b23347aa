#include "report.hpp"

#include <cmath>
#include <eigencoder/evaluation/metrics.hpp>
#include "formatted.hpp"
#include "json.hpp"

namespace examples {

namespace {

/// Peak signal-to-noise ratio in dB for values in [0, 1], where there is an error to take it of.
std::optional<double> psnr_of(const std::optional<double>& mse) {
  if (!mse || !(*mse >= 0)) return {};
  return eigencoder::psnr(*mse);
}

}  // namespace

std::string to_json(const Report& report) {
  JsonObject json;
  const auto whole = [&](const std::string& name, const std::optional<eigencoder::Index>& value) {
    json.whole(name, value);
  };
  const auto number = [&](const std::string& name, const std::optional<double>& value) { json.number(name, value); };
  json.text("example", report.example);
  for (const auto& [name, value] : report.texts) json.text(name, value);
  whole("images", report.images);
  whole("train_images", report.train_images);
  whole("test_images", report.test_images);
  whole("code_size", report.code_size);
  whole("parameters", report.parameters);
  whole("epochs", report.epochs);
  number("seconds", report.seconds);
  whole("threads", report.threads);
  json.natural("seed", report.seed);
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
  return json.document();
}

std::string to_table(const Report& report) {
  std::string out;
  const auto add = [&](const char* format, const auto&... values) { out += formatted(format, values...); };
  const auto cell = [](const char* format, const std::optional<double>& value) {
    return value ? formatted(format, *value) : "-";
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
  return out + training_line(report);
}

std::string training_line(const Report& report) {
  return formatted("%td epochs in %.1f s on %d thread%s; %td parameters.\n", report.epochs, report.seconds,
                   report.threads, report.threads == 1 ? "" : "s", report.parameters);
}

}  // namespace examples
