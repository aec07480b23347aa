// expect: eigencoder: an encoder and a decoder are made of layers, at least one each
// expect: Decoder: got no layer, expected at least one
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<>, SquaredError>;

int main() { every_member(Model{}); }
