#include <eigencoder/eigencoder.hpp>

#include "consumer.hpp"

#if EXPECT_ZLIB && !EIGENCODER_HAS_ZLIB
#error "eigencoder::io was built with zlib, and the consumer is not told"
#endif

int main() {
  const Eigen::MatrixXf x = Eigen::MatrixXf::Constant(64, 8, 0.5f);
  Model model;
  model.fit(x, eigencoder::Adam{}, {.epochs = 2, .batch_size = 4});
#ifdef WITH_IMAGE
  if (!both_copies_of_stb_refuse_nonsense()) return 2;
#endif
#ifdef WITH_OWN_PARTS
  if (!own_parts_are_lawful()) return 3;
#endif
  return code_size(model) == 4 ? 0 : 1;
}
