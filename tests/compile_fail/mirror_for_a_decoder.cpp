// expect: eigencoder: an autoencoder is an Encoder, a Decoder and a loss, in this order
// expect: the second argument: got Mirror, expected a decoder, such as Decoder<Mirror>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Mirror, SquaredError>;

int main() { every_member(Model{}); }
