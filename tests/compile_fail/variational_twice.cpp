// expect: eigencoder: at most one policy of each type per layer
// expect: Variational: got two of them, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli,
                          Variational<>, Variational<MaximumMeanDiscrepancy>>;

int main() { every_member(Model{}); }
