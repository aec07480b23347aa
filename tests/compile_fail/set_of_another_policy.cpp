// expect: eigencoder: set takes a value of a policy of the model
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, Frozen<AtLayer<0>>>;

// Legal but for the one call.
int main() {
  Model model;
  model.set(Frozen<WholeEncoder>{});
}
