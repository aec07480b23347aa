// expect: eigencoder: a policy must suit the model
// expect: Sparse<KlSparsity>: got the output of Relu, expected values in (0, 1), such as those of Sigmoid
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, Sparse<KlSparsity>>;

int main() { every_member(Model{}); }
