// expect: eigencoder: the decoder must return the input's shape
// expect: Dense<700>, the last layer: got 700 values, wanted 784 values
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;


int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Autoencoder model{Encoder{Input<784>{}, Dense<32>{}, LeakyRelu{.negative_slope = 0.2}},
                    Decoder{Dense<700>{Initializer::he_uniform()}}, SquaredError{}};
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
