// expect: eigencoder: a policy must suit the model
// expect: Contractive: got an encoder with BatchNorm, expected layers with a Jacobian for each sample
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, BatchNorm, Relu, Dense<32>>, Decoder<Mirror>, Bernoulli,
                          Contractive<>>;

int main() { every_member(Model{}); }
