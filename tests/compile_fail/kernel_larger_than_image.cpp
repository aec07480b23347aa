// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: Conv2d<8, 7>: got 6x6x3 = 108 values, wanted an image of at least 7x7
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<6, 6, 3>, Conv2d<8, 7>, Relu, Dense<16>>, Decoder<Mirror>, SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(108, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
