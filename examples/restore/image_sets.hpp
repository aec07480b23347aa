#pragma once

#include <common/command_line.hpp>
#include <common/options.hpp>
#include <eigencoder/data/dataset.hpp>
#include <string>

namespace examples {

/// The images of `--data`: "pokemon" or a folder of one's own, see `load_images`, at the size that is asked for; or
/// "cifar10", the photographs of `$EIGENCODER_DATA/cifar10`, at their 32 x 32 pixels. A line on the standard output says
/// where they come from. A quick run takes 120.
/// @throws UsageError where there are none
eigencoder::Dataset<float> load_image_set(const Options& options, const std::string& data, const ImageSize& size);

}  // namespace examples
