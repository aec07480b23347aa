// expect: eigencoder: Mirror stands first in a decoder and reflects the encoder's linear layers
// expect: Mirror: got an encoder without a linear layer, expected at least one, such as Dense<64>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, LayerNorm, Tanh>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
