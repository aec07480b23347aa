// expect: eigencoder: Mirror stands first in a decoder and reflects the encoder's linear layers
// expect: Mirror: got a place after Tanh, expected the first place in the decoder
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Tanh, Mirror>, SquaredError>;

int main() { every_member(Model{}); }
