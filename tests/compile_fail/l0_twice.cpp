// expect: eigencoder: a policy stands at most once at a place
// expect: Sparse: got two on the code, wanted one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, JumpRelu>, Decoder<Mirror>, Bernoulli,
                          Sparse<L0>, WeightDecay<>, Sparse<L0, AtLayer<1>>>;

int main() { every_member(Model{}); }
