// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got Masking, expected policies, such as WeightDecay<> (a corruption goes into Denoising<>)
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Masking>;

int main() { every_member(Model{}); }
