// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got Sigmoid, expected policies, such as WeightDecay<>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, SquaredError, Sigmoid>;

int main() { every_member(Model{}); }
