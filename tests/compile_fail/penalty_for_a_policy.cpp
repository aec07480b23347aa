// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got L1, expected policies, such as WeightDecay<> (a penalty goes into Sparse<>)
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, L1>;

int main() { every_member(Model{}); }
