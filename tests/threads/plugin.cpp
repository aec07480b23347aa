// A plugin that trains. Its functions are called through their names.
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

extern "C" double plugin_train() {
  using Model = Autoencoder<Encoder<Input<60>, Dense<100>, Tanh, Dense<8>>, Decoder<Mirror>, SquaredError>;
  set_threads(3);
  Model model;
  const MatrixX<float> x = MatrixX<float>::Constant(60, 300, 0.5F);
  model.fit(x, Adam{}, {.epochs = 2, .batch_size = 150});
  return model.evaluate(x).loss;
}

extern "C" void plugin_release() { release_threads(); }
