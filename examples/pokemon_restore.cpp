// A network that restores images which nobody has seen: it gives gray ones their colors, fills holes, removes
// watermarks, enlarges and sharpens. Each task is a corruption of clean images (examples/restore/task.hpp), drawn anew
// in every epoch, and the network learns to undo it; the same network for all tasks.
//
// The test images are damaged once. Restored ones are compared with what the classic method of the task makes of them
// (examples/restore/classic.hpp). `--restore` takes pictures of your own, at their own sizes.
#include <common/images.hpp>
#include <common/results.hpp>
#include <common/run_example.hpp>
#include <common/training.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/restoration.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <iostream>
#include <optional>
#include <restore/classic.hpp>
#include <restore/color_classes.hpp>
#include <restore/image_sets.hpp>
#include <restore/lab.hpp>
#include <restore/mean_colors.hpp>
#include <restore/photos.hpp>
#include <restore/restoration_figures.hpp>
#include <string>
#include <utility>

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe pokemon_recipe{.epochs = 80, .batch_size = 16, .learning_rate = 2e-3, .clip_norm = 1};
constexpr Recipe cifar10_recipe{.epochs = 24, .batch_size = 16, .learning_rate = 2e-3, .clip_norm = 1};
constexpr Recipe sprite_color_recipe{.epochs = 40, .batch_size = 16, .learning_rate = 8e-3, .clip_norm = 1};
constexpr Recipe vivid_recipe{.epochs = 8, .batch_size = 16, .learning_rate = 2e-3, .clip_norm = 1};
constexpr Index usual_width = 16, sprite_color_width = 8;  // few sprites tell little of colors
constexpr std::uint64_t test_seed = 0, training_seed = 1;  // of the damage that is drawn once

/// What the command line asks for beside the shared options.
struct Settings {
  ImageSize size;
  std::string task = "upscale";
  std::string data = "pokemon";
  std::string part = "test";
  std::string model = {};
  std::string pictures = {};
  Index width = 0;  ///< 0: by the task
  bool vivid = false;

  bool colors_sprites() const { return task == "colorize" && data == "pokemon"; }
  Index network_width() const { return width > 0 ? width : colors_sprites() ? sprite_color_width : usual_width; }
};

constexpr LeakyRelu activation{.negative_slope = 0.1};

auto residual(Index channels) {
  return Residual{Conv2d{channels, 3, Same{}}, activation, Conv2d{channels, 3, Same{}}};
}

/// Convolutions down to a quarter of the size. Sources: Ronneberger, Fischer & Brox, "U-Net" (2015); Lim et al.,
/// "Enhanced deep residual networks for single image super-resolution" (2017), residual blocks without normalization.
auto encoder(Shape image, Index width) {
  return Encoder{Image{image.height, image.width, image.channels}, Identity{},
                 Conv2d{width, 3, Same{}}, activation,                          // layer 2, the full size
                 Conv2d{4 * width, 3, Stride{2}, Same{}}, activation,           // layer 4, half the size
                 residual(4 * width),
                 Conv2d{6 * width, 3, Stride{2}, Same{}}, activation,
                 residual(6 * width)};
}

/// And up again, by channels that become pixels. It also reads what the encoder saw at the full and at half the size,
/// so that it can keep what is right to the last pixel.
template <class... Last>
auto decoder(Index width, const Last&... last) {
  return Decoder{Conv2d{16 * width, 1, Same{}}, PixelShuffle{2}, SkipConcatenate<AtLayer<4>>{},
                 Conv2d{4 * width, 3, Same{}}, activation, residual(4 * width),
                 Conv2d{4 * width, 1, Same{}}, PixelShuffle{2}, SkipConcatenate<AtLayer<2>>{},
                 Conv2d{width, 3, Same{}}, activation, last...};
}

/// The network of all tasks. It learns what to add to the damaged image, layer 0.
auto restorer(Shape image, Index width, const ImageChange& damage) {
  return Autoencoder{encoder(image, width), decoder(width, Conv2d{image.channels, 3, Same{}}, SkipAdd<AtLayer<0>>{}),
                     SquaredError{}, Augmented{HorizontalFlip{}, Shift{.pixels = 2}}, Denoising{damage}};
}

/// The network of vivid colors: it gives each pixel of a gray image a distribution over classes of colors.
auto colorist(Shape image, Index width, const ColorClasses& classes) {
  return Autoencoder{encoder(image, width), decoder(width, Conv2d{classes.count(), 1}),
                     Categorical{.class_weights = classes.weights()},
                     Target{Image{image.height, image.width, classes.count()}},
                     Augmented{HorizontalFlip{}, Shift{.pixels = 2}}};
}

/// Trains the network of vivid colors and reports its figures.
MatrixX<float> vivid_colors(const Options& options, const Settings& settings, const Recipe& recipe,
                            const Dataset<float>& training, const Restorations& images, Report& report) {
  const ColorClasses classes(training);
  auto model = colorist(images.shape, settings.width > 0 ? settings.width : usual_width, classes);
  std::cout << "\nVivid colors: " << classes.count() << " classes of colors.\n";
  const FitOptions<float> how = fit_options(options, recipe, {});
  const MatrixX<float> gray = corrupted(training, training.shape, Grayscale{}), colors = classes.classes_of(training);
  model.initialize(options.seed);
  model.fit(gray, colors, Adam{.learning_rate = recipe.learning_rate}, how);
  MatrixX<float> vivid = classes.colored(model.reconstruct(images.damaged), images.damaged);
  report.more.push_back({"vivid_chroma", mean_chroma(vivid, images.clean)});
  report.more.push_back({"restored_chroma", mean_chroma(images.restored, images.clean)});
  report.more.push_back({"original_chroma", mean_chroma(images.clean, images.clean)});
  return vivid;
}

/// What the network sees of a damaged image: a gray one in the mean color of each gray, so that it learns only what
/// colors a place has beyond that; others as they are.
ImageChange input_of(Task task, const std::optional<MeanColors>& colors) {
  const ImageChange damage = damage_of(task);
  if (!colors) return damage;
  return [damage, colors](float* image, Shape shape, Random& random) {
    damage(image, shape, random);
    colors->color(image, shape.size());
  };
}

/// The model as a function of damaged images of any size.
template <class Model>
ImageRestorer restorer_by(const Model& model, const std::optional<MeanColors>& colors) {
  return [&](const MatrixX<float>& damaged, const Shape& size) {
    return resized(model, size.height, size.width).reconstruct(colors ? colors->colored(damaged) : damaged);
  };
}

/// Restores the user's own pictures.
void restore_pictures(const Options& options, const Settings& settings, Task task, const ImageRestorer& restore) {
  const Index count = restore_folder(settings.pictures, options.result("restored"), [&](const Photo& photo) {
    return restore_photo(restore, task, photo);
  });
  std::cout << count << " pictures of " << settings.pictures << " are restored in " << options.result("restored")
            << ".\n";
}

void train_and_test(const Options& options, const Settings& settings, Task task) {
  const Dataset<float> images = load_image_set(options, settings.data, settings.size);
  // Network and rate were chosen on `--part validation`; how many epochs, after a look at the test part of one seed.
  const auto [training, tested] = take_parts(images, settings.part, options.seed);

  const Recipe recipe = settings.data == "cifar10"  ? cifar10_recipe
                        : settings.colors_sprites() ? sprite_color_recipe
                                                    : pokemon_recipe;
  const ImageChange damage = damage_of(task);
  std::optional<MeanColors> colors;
  if (task == Task::colorize)
    colors.emplace(training, corrupted(training, images.shape, damage, training_seed));
  auto model = restorer(images.shape, settings.network_width(), input_of(task, colors));
  const History history = train(model, training, options, recipe);

  Report report = report_of(options, images.size());
  describe(report, model, history);
  report.train_images = training.size();
  report.test_images = tested.size();
  report.code_size = model.code_size();
  Restorations test{.task = task,
                    .shape = images.shape,
                    .clean = tested.samples,
                    .damaged = corrupted(tested, images.shape, damage, test_seed),
                    .restored = {},
                    .baseline = {},
                    .mask = mask_of(task, tested.size(), images.shape, test_seed)};
  const ImageRestorer restore = restorer_by(model, colors);
  test.restored = restore(test.damaged, images.shape);
  if (task == Task::inpaint) test.restored = copy_known(test.restored, test.clean, test.mask);
  const MatrixX<float> damaged_training = corrupted(training, images.shape, damage, training_seed);
  test.baseline = classic(task, training, damaged_training, test.damaged, test.mask, images.shape);
  const RestorationFigures figures = measure_restorations(test);
  add_figures(report, figures);
  std::vector<std::string> more{"model.safetensors"};
  if (settings.vivid) {
    const Recipe& bold = settings.data == "cifar10" ? cifar10_recipe : vivid_recipe;
    test.vivid = vivid_colors(options, settings, bold, training, test, report);
  }

  write_restorations(options, test);
  write_loss(options, per_value(history, images.shape.size()), {}, "squared error per value");
  Metadata metadata{{"task", settings.task}};
  if (colors) metadata.push_back({"mean_colors", colors->text()});
  save(model, options.result("model.safetensors"), {.metadata = metadata});
  finish_with(to_table(report, figures), options, report, more);
  if (!settings.pictures.empty()) restore_pictures(options, settings, task, restore);
}

void run(const Options& options, const Settings& settings) {
  const Task task = task_named(settings.task);
  if (settings.vivid && task != Task::colorize)
    throw UsageError("--vivid: is a second way to colorize, so it needs --task colorize");
  if (settings.model.empty()) return train_and_test(options, settings, task);
  if (settings.pictures.empty())
    throw UsageError("--model: needs --restore, the folder of the pictures that it restores");
  auto model = restorer({40, 40, 3}, settings.network_width(), damage_of(task));
  const Metadata metadata = [&] {
    try {
      return load(model, settings.model).metadata;
    } catch (const FileError& error) {
      throw UsageError("--model: " + one_line(error.what()));
    }
  }();
  std::optional<MeanColors> colors;
  for (const auto& [key, value] : metadata) {
    if (key == "task" && value != settings.task)
      throw UsageError("--model: '" + settings.model + "' was trained for --task " + value);
    if (key == "mean_colors") colors = MeanColors::of_text(value);
  }
  restore_pictures(options, settings, task, restorer_by(model, colors));
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  Options options{.program = "pokemon_restore",
                  .about = "Restores images: colors, missing parts, marks, resolution and sharpness.",
                  .epochs = 0,
                  .batch_size = 0};
  return run_example(
      argc, argv, options,
      [&](CommandLine& line) {
        line.choice("--task", settings.task, task_names(), "What to learn");
        line.choice("--data", settings.data, {"pokemon", "cifar10"},
                    "Images: sprites, or the photographs of $EIGENCODER_DATA/cifar10");
        line.size("--size", settings.size, "Width and height of the images; others are fitted in (not CIFAR-10's)");
        line.show_default("--epochs", std::to_string(pokemon_recipe.epochs) + ", to color sprites " +
                                          std::to_string(sprite_color_recipe.epochs) + ", CIFAR-10 " +
                                          std::to_string(cifar10_recipe.epochs));
        line.show_default("--batch-size", std::to_string(pokemon_recipe.batch_size));
        line.whole("--width", settings.width, 1, "Channels of the first layers; others have up to six times as many");
        line.show_default("--width", std::to_string(usual_width) + ", to color sprites " +
                                         std::to_string(sprite_color_width));
        line.flag("--vivid", settings.vivid, "With --task colorize: also colors that are bold instead of likely");
        add_part_option(line, settings.part);
        line.text("--restore", settings.pictures, "DIR", "A folder of your own pictures, which are restored too");
        line.text("--model", settings.model, "FILE",
                  "model.safetensors of an earlier run with the same --task and --width: instead of training");
      },
      [&] { run(options, settings); });
}
