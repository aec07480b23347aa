// expect: eigencoder: an autoencoder is an Encoder, a Decoder and a loss, in this order
// expect: the first argument: got Decoder<Mirror>, expected an encoder, such as Encoder<Input<784>, Dense<32>>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Decoder<Mirror>, Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, SquaredError>;

int main() { every_member(Model{}); }
