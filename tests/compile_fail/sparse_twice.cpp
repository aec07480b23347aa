// expect: eigencoder: at most one policy of each type per layer
// expect: Sparse: got two on the code, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Sigmoid>, Decoder<Mirror>, Bernoulli,
                          Sparse<L1>, WeightDecay<>, Sparse<KlSparsity, AtLayer<1>>>;

int main() { every_member(Model{}); }
