// expect: eigencoder: a model is pretrained layer by layer if its decoder undoes each layer of the encoder
// expect: Dense<5>: got an output of 5 values, expected 6 values, as the encoder has there
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<8>, Dense<6>, Relu, Dense<4>>, Decoder<Dense<5>, Relu, Dense<8>>, SquaredError>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  pretrain(model, samples, GreedyAutoencoders{});
}
