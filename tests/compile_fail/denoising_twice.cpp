// expect: eigencoder: a policy stands at most once at a place
// expect: Denoising: got two of them, wanted one at most
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Sigmoid>, Decoder<Mirror>, Bernoulli,
                          Denoising<Masking>, Denoising<GaussianNoise>>;

int main() { every_member(Model{}); }
