// expect: eigencoder: at most one policy of each type per layer
// expect: Sparse: got two at layer 1, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, Relu, Dense<32>>, Decoder<Mirror>, Bernoulli,
                          Sparse<L1, AtLayer<1>>, Sparse<L1>, Sparse<L1, AtLayer<1>>>;

int main() { every_member(Model{}); }
