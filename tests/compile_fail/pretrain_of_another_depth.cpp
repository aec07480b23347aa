// expect: eigencoder: a model is pretrained layer by layer if its decoder undoes each layer of the encoder
// expect: Decoder: got 1 layer with a weight, expected as many as in the encoder, 2
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<8>, Dense<6>, Relu, Dense<4>>, Decoder<Dense<8>>, SquaredError>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  pretrain(model, samples, GreedyAutoencoders{});
}
