// expect: eigencoder: an encoder and a decoder are made of layers, at least one each
// expect: Encoder: got Bernoulli, expected layers, such as Dense<64> and Relu
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Bernoulli, Dense<32>>, Decoder<Mirror>, Bernoulli>;

int main() { every_member(Model{}); }
