// expect: eigencoder: a policy must suit the model
// expect: Variational: got SkipAdd<AtLayer<1>> around the code, wanted a decoder that reads the code alone
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<28, 28, 1>, Conv2d<8, 3, Same>, Relu, Conv2d<4, 3, Same>>,
                          Decoder<Conv2d<8, 3, Same>, SkipAdd<AtLayer<1>>, Relu, Conv2d<1, 3, Same>>, Bernoulli,
                          Variational<>>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
