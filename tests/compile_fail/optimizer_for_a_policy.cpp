// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got Adam, expected policies, such as WeightDecay<> (an optimizer goes to fit)
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, WeightDecay<>, Adam>;

int main() { every_member(Model{}); }
