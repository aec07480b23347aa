// A deep autoencoder gives patches of faces a code of 30 values, 625-2000-1000-500-30 and back, and PCA one of as many.
// The figures are of people that it has not seen. The experiment is that of Hinton & Salakhutdinov, "Reducing the
// dimensionality of data with neural networks" (2006), on the faces of Olivetti Research Laboratory: 126 there, PCA
// 135.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <optional>
#include <string>
#include "common/deep.hpp"
#include "common/faces.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr std::size_t depth = 4;
constexpr Index code_size = 30;
constexpr DeepRecipe deep_recipe{.whole = {.epochs = 20, .batch_size = 128, .learning_rate = 1e-3},
                                 .weight_decay = 0.02,
                                 .autoencoder = {.epochs = 2, .batch_size = 128, .learning_rate = 1e-3}};

auto face_model() {
  return Autoencoder{Encoder{Image{patch_side, patch_side, 1},
                             Dense{2000}, BatchNorm{}, Silu{},
                             Dense{1000}, BatchNorm{}, Silu{},
                             Dense{500}, BatchNorm{}, Silu{},
                             Dense{code_size}},
                     Mirror{}, SquaredError{}, Augmented{HorizontalFlip{}}};
}

/// Patches as pictures: the mean gray in the middle, three deviations from it black and white.
MatrixX<float> shown(View<float> patches) { return patches.matrix().array() / 6 + 0.5F; }

void run(const Options& options, Index patches, bool validate, const std::string& pretraining) {
  const FacePatches faces = load_face_patches(options, options.quick ? 2 : patches, validate);
  auto model = face_model();
  std::optional<double> unpretrained;
  if (pretraining != "none") {
    std::printf("\nFirst without pretraining, to compare:\n");
    train_deep(model, faces.training, options, deep_recipe, "none", depth);
    unpretrained = squared_error(model, faces.held_out);
  }
  const History history = train_deep(model, faces.training, options, deep_recipe, pretraining, depth);

  Report report = report_of(options, faces.training.size() + faces.held_out.size());
  describe(report, model, history);
  measure(report, model, faces.training, faces.held_out);
  const Baseline pca = measure_baselines(report, faces.training, faces.held_out, code_size);
  const std::string part = validate ? "validation" : "test";
  const double error = squared_error(model, faces.held_out);
  const double pca_error = *report.pca_test_mse * static_cast<double>(faces.held_out.shape.size());
  report.texts.emplace_back("pretraining", pretraining);
  report.more.insert(report.more.end(),
                     {{part + "_squared_error", error},
                      {"pca_" + part + "_squared_error", pca_error},
                      {"unpretrained_" + part + "_squared_error", unpretrained ? *unpretrained : error}});

  const MatrixX<float> reconstructed = model.reconstruct(faces.held_out), by_pca = pca.reconstruct(faces.held_out);
  write_reconstructions(options, faces.held_out.shape, shown(faces.held_out), shown(reconstructed), shown(by_pca));
  write_loss(options, per_value(history, 1), {}, "objective, summed over the pixels");
  write_filters(options, first_weights(model), faces.held_out.shape);
  finish(options, report, {"filters.png"});
  std::printf("Squared error of a patch of a face not seen, summed over its pixels: %.2f; PCA's %.2f.\n", error,
              pca_error);
}

}  // namespace

int main(int argc, char** argv) {
  std::string pretraining = "none";
  bool validate = false;
  Index patches = 414;
  return run_example(
      argc, argv, {"faces_deep", "Trains a deep autoencoder on patches of faces and compares it with PCA."},
      [&](CommandLine& line) {
        explain_faces(line);
        line.show_defaults(deep_recipe.whole);
        add_pretraining_option(line, pretraining, false);
        line.whole("--patches", patches, 1, "Patches of each picture");
        line.flag("--validate", validate, "Leave the test people aside, and report on 5 of the others");
      },
      [&](const Options& options) {
        require_batches_of_two(options);
        run(options, patches, validate, pretraining);
      });
}
