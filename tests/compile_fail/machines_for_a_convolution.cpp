// expect: eigencoder: a stack of Rbms makes dense layers with biases, each followed by Sigmoid, Relu or nothing
// expect: expected a Dense layer with a bias
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<8, 8, 1>, Conv2d<4, 3, Same>, Relu, Dense<4>>, Decoder<Mirror>, SquaredError>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  pretrain(model, samples, GreedyRbms{});
}
