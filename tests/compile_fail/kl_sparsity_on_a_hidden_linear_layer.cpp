// expect: eigencoder: a policy must suit the model
// expect: Sparse<KlSparsity>: got the output of Dense<64>, wanted values in (0, 1), such as those of Sigmoid
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, Sigmoid, Dense<32>, Sigmoid>, Decoder<Mirror>, Bernoulli,
                          Sparse<KlSparsity, AtLayer<0>>>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
