// What is measured: a program that builds and trains a 784-32-784 model.
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

int main() {
  const Eigen::MatrixXf x = Eigen::MatrixXf::Constant(784, 64, 0.5f);
  Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli> model;
  model.fit(x, Adam{}, {.epochs = 1, .batch_size = 32});
  return model.encode(x).rows() == 32 ? 0 : 1;
}
