#include "mnist.hpp"

#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include "digits.hpp"
#include "images.hpp"

namespace examples {

namespace {

/// One of MNIST's parts, "train" or "t10k", with its labels; its files may be gzipped or not.
/// @throws UsageError where a file is missing or cannot be read
eigencoder::Dataset<float> read_mnist(const std::string& folder, const std::string& part) {
  const auto path = [&](const std::string& name) {
    const std::string plain = (std::filesystem::path(folder) / (part + name)).string();
    for (const std::string& file : {plain, plain + ".gz"})
      if (std::error_code ignored; std::filesystem::exists(file, ignored)) return file;
    throw UsageError("--images: there is neither '" + plain + "' nor the same with .gz at its end");
  };
  eigencoder::Dataset<float> digits;
  try {
    digits = eigencoder::read_idx_images(path("-images-idx3-ubyte"));
    digits.labels = eigencoder::read_idx_labels(path("-labels-idx1-ubyte"));
  } catch (const UsageError&) {
    throw;
  } catch (const eigencoder::Error& error) {
    throw UsageError("--images: " + one_line(error.what()));
  }
  if (digits.shape != eigencoder::Shape{28, 28, 1})
    throw UsageError("--images: MNIST's images are 28 x 28, not those of " + path("-images-idx3-ubyte"));
  if (digits.labels.size() != static_cast<std::size_t>(digits.size()))
    throw UsageError("--images: not as many labels as images in " + path("-labels-idx1-ubyte"));
  for (const int label : digits.labels)
    if (label < 0 || label > 9)
      throw UsageError("--images: the label " + std::to_string(label) + " in " + path("-labels-idx1-ubyte") +
                       " is no digit");
  return digits;
}

}  // namespace

void explain_mnist(CommandLine& line) {
  line.explain("--images",
               "Folder of MNIST's IDX files, gzipped or not; else $EIGENCODER_DATA/mnist, else drawn digits");
}

Mnist load_mnist(const Options& options) {
  using eigencoder::Index;
  constexpr Index few_train = 400, few_test = 100;
  const std::string folder = image_folder(options, "mnist");
  Mnist digits;
  if (folder.empty()) {
    digits.train = draw_digits(options.quick ? few_train : 12000, 1);
    digits.test = draw_digits(options.quick ? few_test : 2000, 2);
  } else {
    digits.train = read_mnist(folder, "train");
    digits.test = read_mnist(folder, "t10k");
    if (digits.train.size() < fewest_to_split || digits.test.size() < 1)
      throw UsageError("--images: there are " + std::to_string(digits.train.size()) + " digits to learn from and " +
                       std::to_string(digits.test.size()) + " to test with in '" + folder + "', and at least " +
                       std::to_string(fewest_to_split) + " and 1 are needed");
    if (options.quick) {
      digits.train = take(digits.train, evenly(few_train, digits.train.size()));
      digits.test = take(digits.test, evenly(few_test, digits.test.size()));
    }
  }
  std::cout << "Digits: " << digits.train.size() << " for training and " << digits.test.size() << " for testing, "
            << (folder.empty() ? "drawn by this program (not MNIST)" : "from " + folder) << std::endl;
  return digits;
}

eigencoder::Dataset<float> binarize(eigencoder::Dataset<float> digits, std::uint64_t seed, std::uint32_t part) {
  for (eigencoder::Index j = 0; j < digits.size(); ++j) {
    eigencoder::Random random(seed, eigencoder::Purpose::drawing, part, 0, static_cast<std::uint32_t>(j));
    for (float& pixel : digits.samples.col(j)) pixel = random.uniform_float() < pixel ? 1.F : 0.F;
  }
  return digits;
}

}  // namespace examples
