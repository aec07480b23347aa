// expect: eigencoder: a generative model has a prior over its codes and a likelihood for a loss
// expect: this model: got no prior, wanted Variational<> or ImportanceWeighted
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Denoising<>>;

// Legal but for the one call.
int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> drawn = model.sample(10);
  std::printf("%zu\n", static_cast<std::size_t>(drawn.size()));
}
