// expect: eigencoder: Mirror stands first in a decoder and reflects the encoder's linear layers
// expect: TiedMirror: got a place in the encoder, expected the first place in the decoder
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, TiedMirror>, Decoder<Dense<784>>, SquaredError>;

int main() { every_member(Model{}); }
