// expect: eigencoder: the values of a sample must lie side by side in memory: append .eval()
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  const Eigen::Map<const MatrixX<float>, 0, Eigen::InnerStride<2>> strided(samples.data(), 392, 1000);
  const Evaluation evaluation = model.evaluate(strided);
  std::printf("%g\n", evaluation.mse);
  every_member(model, samples);
}
