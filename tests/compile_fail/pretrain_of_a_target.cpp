// expect: eigencoder: a model is pretrained layer by layer if its decoder undoes each layer of the encoder
// expect: Target: got targets of their own, expected a model that reconstructs its input
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<8>, Dense<6>, Relu, Dense<4>>, Decoder<Dense<6>, Relu, Dense<3>>, SquaredError,
                          Target<Input<3>>>;

// Legal but for the one call.
int main() {
  Model model;
  pretrain(model, samples, GreedyAutoencoders{});
}
