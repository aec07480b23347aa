// expect: eigencoder: at most one policy of each type per layer
// expect: Precision: got two of them, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli,
                          Precision<float>, Precision<double>>;

int main() { every_member(Model{}); }
