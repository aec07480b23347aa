// expect: eigencoder: the data's scalar is not the model's: convert it by x.cast<Model::Scalar>().eval()
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  const MatrixX<double> measured = MatrixX<double>::Random(784, 1000);
  model.fit(measured, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  every_member(model, samples);
}
