// expect: eigencoder: a stack of Rbms makes dense layers with biases, each followed by Sigmoid, Relu or nothing
// expect: the loss: got Huber, expected Bernoulli, SquaredError or Gaussian
#include <eigencoder/pretraining/pretrain.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<8>, Dense<6>, Sigmoid, Dense<4>>, Decoder<Mirror>, Huber>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  pretrain(model, samples, GreedyRbms{});
}
