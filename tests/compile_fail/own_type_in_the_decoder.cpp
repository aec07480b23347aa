// expect: eigencoder: an encoder and a decoder are made of layers, at least one each
// expect: Decoder: got Swish, wanted layers, such as Dense<64> and Relu
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

// A layer in the making: it has no derivative and no second_derivative yet.
struct Swish {
  template <class Scalar>
  Scalar value(Scalar z) const {
    return z / (1 + std::exp(-z));
  }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Dense<128>, Swish, Dense<784>>,
                          SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
