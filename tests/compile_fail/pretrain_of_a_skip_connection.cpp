// expect: eigencoder: a model is pretrained layer by layer if its decoder undoes each layer of the encoder
// expect: Residual sum: got a layer that reads another one, expected layers one after another
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<8>, Residual<Dense<8>, Relu>, Dense<4>>, Decoder<Mirror>, SquaredError>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  pretrain(model, samples, GreedyAutoencoders{});
}
