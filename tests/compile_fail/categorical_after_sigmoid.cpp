// expect: eigencoder: a loss on logits applies the sigmoid or softmax itself
// expect: Categorical: got the output of Sigmoid, wanted logits (leave Sigmoid out)
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

// Pixels of 16 colors, each as 16 channels of which one is 1.
using Model = Autoencoder<Encoder<Image<8, 8, 16>, Dense<100>, Tanh, Dense<20>>,
                          Decoder<Dense<100>, Tanh, Dense<1024>, Sigmoid>, Categorical, WeightDecay<>>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(1024, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
