// expect: eigencoder: a policy stands at most once at a place
// expect: WeightDecay: got two of them, wanted one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli,
                          WeightDecay<>, Precision<float>, WeightDecay<>>;

int main() { every_member(Model{}); }
