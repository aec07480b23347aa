// expect: eigencoder: a policy must suit the model
// expect: Sparse<KlSparsity>: got the output of Dense<64>, expected values in (0, 1), such as those of Sigmoid
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, Sigmoid, Dense<32>, Sigmoid>, Decoder<Mirror>, Bernoulli,
                          Sparse<KlSparsity, AtLayer<0>>>;

int main() { every_member(Model{}); }
