#pragma once

#include <eigencoder/extend/types.hpp>
#include <eigencoder/data/dataset.hpp>
#include <cstdint>
#include <string>
#include <vector>
#include "command_line.hpp"
#include "options.hpp"

namespace examples {

/// The folder to read: the one named, or that of the data set in `$EIGENCODER_DATA` where there is one, or none.
std::string image_folder(const Options& options, const std::string& data_set = "pokemon");

/// `count` indices spread evenly over `size`, all of them where there are fewer.
std::vector<eigencoder::Index> evenly(eigencoder::Index count, eigencoder::Index size);

/// The smallest number of samples that can be split: a fifth is held out, at least one remains for training.
inline constexpr eigencoder::Index fewest_to_split = 3;

/// `--size`, and what a program on sprites trains by.
void add_sprite_options(CommandLine& line, ImageSize& size, const Recipe& recipe);

/// The images of a run, and a line on the standard output that says where they come from: a folder, or
/// else 800 creatures, the same ones whatever the seed of the run. A quick run takes 120. Files that cannot be read are
/// left out, each with a line on the standard error output.
/// @throws UsageError where the folder cannot be used, or fewer than `fewest` of its images
eigencoder::Dataset<float> load_images(const Options& options, eigencoder::Index height = 40,
                                       eigencoder::Index width = 40, eigencoder::Index fewest = fewest_to_split);

/// `--part`: which images a program is tested with.
void add_part_option(CommandLine& line, std::string& part);

/// Images to train on, and others to test with.
struct ImageParts {
  eigencoder::Dataset<float> training;
  eigencoder::Dataset<float> tested;
};

/// The parts of `--part`, by the seed: "test" holds a fifth of all images out. "validation" leaves these aside and
/// holds out a fifth of the others, so that choices need not be made on the test part.
ImageParts take_parts(const eigencoder::Dataset<float>& images, const std::string& part, std::uint64_t seed);

}  // namespace examples
