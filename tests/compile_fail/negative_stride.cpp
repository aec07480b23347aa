// expect: eigencoder: a model is built from known, positive sizes
// expect: Conv2d<8, 3, Stride<-2>>: got a size or an option out of range, wanted sizes, strides and groups of at least 1, padding of at least 0, each option once
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<8, 3, Stride<-2>>, Relu, Dense<16>>,
                          Decoder<Mirror>, SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(4800, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
