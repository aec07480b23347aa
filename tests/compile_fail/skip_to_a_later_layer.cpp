// expect: eigencoder: a skip connection or an unpooling reads a layer before it
// expect: SkipAdd<AtLayer<5>>: got a place at layer 4, wanted a layer before it
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, Conv2d<8, 3, Same>>,
                          Decoder<Conv2d<16, 3, Same>, SkipAdd<AtLayer<5>>, Relu, Conv2d<3, 3, Same>>, SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(4800, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
