// expect: eigencoder: a model is built from values of its own encoder, decoder, loss and policies
// expect: the constructor: got two values for WeightDecay<>, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, WeightDecay<>>;

int main() { every_member(Model{WeightDecay<>{.weight = 1e-3}, WeightDecay<>{.weight = 1e-2}}); }
