// Twice as many pixels a side, by two networks of the same depth and width. One takes the image already enlarged and
// works at the full size. The other takes the small image, works at its size and turns channels into pixels at the end
// (`PixelShuffle`); its output has another shape than its input, which the policy `Target` says. It does about a
// quarter of the work. Source: Shi et al., "Real-time single image and video super-resolution using an efficient
// sub-pixel convolutional neural network" (2016).
#include <common/formatted.hpp>
#include <common/images.hpp>
#include <common/results.hpp>
#include <common/run_example.hpp>
#include <common/training.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/corruption/downscale.hpp>
#include <eigencoder/data/resize.hpp>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <restore/restoration_figures.hpp>
#include <string>

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 60, .batch_size = 16, .learning_rate = 3e-3, .clip_norm = 1};
constexpr Downscale enlarged_again{.factor = 2, .enlargement = Enlargement::bicubic, .clipped = true};
constexpr LeakyRelu activation{.negative_slope = 0.1};

/// Four convolutions at the size of the image.
auto encoder(Shape image, Index width) {
  const Conv2d convolution{width, 3, Same{}};
  return Encoder{Image{image.height, image.width, image.channels}, Identity{}, convolution, activation,
                 convolution, activation, convolution, activation, convolution, activation};
}

/// Takes images that were enlarged bicubically, and learns what to add to them.
auto at_full_size(Shape image, Index width) {
  return Autoencoder{encoder(image, width), Decoder{Conv2d{image.channels, 3, Same{}}, SkipAdd<AtLayer<0>>{}},
                     SquaredError{}, Target{Image{image.height, image.width, image.channels}},
                     Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
}

/// Takes the small images; the last convolution sees them too, as every pixel is close to four of the result.
auto at_half_size(Shape image, Index width) {
  const Shape half{image.height / 2, image.width / 2, image.channels};
  return Autoencoder{encoder(half, width),
                     Decoder{SkipConcatenate<AtLayer<0>>{}, Conv2d{4 * image.channels, 3, Same{}}, PixelShuffle{2}},
                     SquaredError{}, Target{Image{image.height, image.width, image.channels}},
                     Augmented{HorizontalFlip{}, Shift{.pixels = 1}}};
}

/// Half the size: means of 2 x 2 pixels.
MatrixX<float> halved(const Dataset<float>& images) {
  const Shape half{images.shape.height / 2, images.shape.width / 2, images.shape.channels};
  MatrixX<float> small(half.size(), images.size());
  for (Index j = 0; j < images.size(); ++j)
    small.col(j) = resize_image(VectorX<float>(images.samples.col(j)), images.shape, half);
  return small;
}

/// How well and how fast a network does it.
struct Result {
  MatrixX<float> restored;
  double images_per_second = 0;
  History history = {};
};

template <class Model>
Result train_and_test(Model model, const char* name, const MatrixX<float>& inputs, const Dataset<float>& training,
                      const MatrixX<float>& tested, const Options& options, Report& report) {
  std::cout << "\nThe network at " << name << " size\n";
  const FitOptions<float> how = fit_options(options, recipe, {});
  announce(model.summary(), "Adam", options, recipe, how);
  model.initialize(options.seed);
  Result result;
  result.history = model.fit(inputs, training, Adam{.learning_rate = recipe.learning_rate}, how);
  describe(report, model, result.history);
  const auto trained = static_cast<double>(training.size()) * static_cast<double>(result.history.epochs.size());
  result.images_per_second = trained / report.seconds;
  result.restored = model.reconstruct(tested);
  return result;
}

void run(const Options& options, ImageSize size, Index width) {
  if (size.height % 2 != 0 || size.width % 2 != 0)
    throw UsageError("--size: has to be even, since images are halved");
  const Dataset<float> images = load_images(options, size.height, size.width);
  const Split parts = split(images.size(), 0.2, options.seed);
  const Dataset<float> training = take(images, parts.train), tested = take(images, parts.test);
  const MatrixX<float> bicubic = corrupted(tested, images.shape, enlarged_again);

  Report report = report_of(options, images.size());
  const Result full = train_and_test(at_full_size(images.shape, width), "full",
                                     corrupted(training, images.shape, enlarged_again), training, bicubic, options,
                                     report);
  const Result half = train_and_test(at_half_size(images.shape, width), "half the", halved(training), training,
                                     halved(tested), options, report);
  const auto figures_of = [&](const MatrixX<float>& restored) {
    return measure_restorations({Task::upscale, images.shape, tested.samples, bicubic, restored, bicubic});
  };
  const RestorationFigures at_half = figures_of(half.restored), at_full = figures_of(full.restored);
  report.train_images = training.size();
  add_figures(report, at_half);
  report.more.push_back({"full_size_psnr", at_full.restored.psnr});
  report.more.push_back({"full_size_ssim", at_full.restored.ssim});
  report.more.push_back({"images_per_second", half.images_per_second});
  report.more.push_back({"full_size_images_per_second", full.images_per_second});

  write_restorations(options, {Task::upscale, images.shape, tested.samples, bicubic, half.restored, full.restored});
  write_loss(options, per_value(half.history, images.shape.size()), {}, "squared error per value");
  finish_with(to_table(report, at_half) +
                  formatted("\nThe network at full size: %.2f dB, SSIM %.4f. Training at half the size was %.1f times "
                            "as fast:\n%.0f images a second instead of %.0f.\n",
                            at_full.restored.psnr, at_full.restored.ssim,
                            half.images_per_second / full.images_per_second, half.images_per_second,
                            full.images_per_second),
              options, report);
  std::cout << "Rows of reconstructions.png: enlarged bicubically, by the network at half the size, by the one at\n"
               "full size, the originals.\n";
}

}  // namespace

int main(int argc, char** argv) {
  ImageSize size;
  Index width = 48;
  Options options{.program = "pokemon_upscale",
                  .about = "Enlarges images by a network at their small size, and by one at the full size.",
                  .epochs = 0,
                  .batch_size = 0};
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        add_sprite_options(line, size, recipe);
        line.whole("--width", width, 1, "Channels of every layer");
      },
      [&] { run(options, size, width); });
}
