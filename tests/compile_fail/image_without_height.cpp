// expect: eigencoder: a model is built from known, positive sizes
// expect: Image<0, 40, 3>: got a size that is not positive, wanted positive sizes
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<0, 40, 3>, Dense<512>, Relu, Dense<64>>, Decoder<TiedMirror>, SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(4800, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
