#include "deep.hpp"

#include <algorithm>
#include "images.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

void add_pretraining_option(CommandLine& line, std::string& pretraining, bool machines) {
  std::vector<std::string> ways{"none", "autoencoders"};
  if (machines) ways.emplace_back("rbm");
  line.choice("--pretraining", pretraining, ways, "Train layer by layer first, and the whole afterwards");
}

Options part_of_time(Options options, double share) {
  options.seconds *= share;
  return options;
}

void write_filters(const Options& options, View<float> weights, const eigencoder::Shape& image) {
  MatrixX<float> filters = take(weights, evenly(200, weights.cols()));
  for (Index j = 0; j < filters.cols(); ++j) {
    const float largest = (std::max)(filters.col(j).cwiseAbs().maxCoeff(), 1e-12F);
    filters.col(j) = (filters.col(j).array() / largest + 1) / 2;
  }
  write_grid(options, "filters.png", filters, image, {.columns = 20, .scale = 1, .gap = 1});
}

}  // namespace examples
