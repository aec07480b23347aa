// expect: eigencoder: a policy must suit the model
// expect: Sparse<L0>: got the output of Relu, expected that of a layer with thresholds to learn, such as JumpRelu
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, Sparse<L0>>;

int main() { every_member(Model{}); }
