// expect: eigencoder: at most one policy of each type per layer
// expect: Sparse: got two on the code, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, JumpRelu>, Decoder<Mirror>, Bernoulli,
                          Sparse<L0>, WeightDecay<>, Sparse<L0, AtLayer<1>>>;

int main() { every_member(Model{}); }
