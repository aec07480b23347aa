// expect: eigencoder: at most one policy of each type per layer
// expect: WeightDecay: got two at layer 2, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<256>, Relu, Dense<32>>, Decoder<Mirror>, Bernoulli,
                          WeightDecay<>, WeightDecay<AtLayer<2>>, WeightDecay<AtLayer<2>>>;

int main() { every_member(Model{}); }
