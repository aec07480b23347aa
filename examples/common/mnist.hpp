#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include "command_line.hpp"
#include "options.hpp"

/// @file
/// MNIST for the programs that learn from it, or digits drawn in its place.
namespace examples {

/// Handwritten digits with their labels, 28 x 28 x 1, values in [0, 1]: one a column.
struct Mnist {
  eigencoder::Dataset<float> train;
  eigencoder::Dataset<float> test;
};

/// Says in the help where the digits come from.
void explain_mnist(CommandLine& line);

/// The digits of a run, and a line on the standard output that says where they come from: the folder that `--images`
/// names, `$EIGENCODER_DATA/mnist` where there is one, or else 12,000 and 2,000 drawn ones, the same whatever the seed
/// of the run. A quick run takes 400 and 100.
/// @throws UsageError where the folder cannot be used
Mnist load_mnist(const Options& options);

/// Every pixel black or white, once and for all: white with the probability that its brightness says.
eigencoder::Dataset<float> binarize(eigencoder::Dataset<float> digits, std::uint64_t seed, std::uint32_t part);

}  // namespace examples
