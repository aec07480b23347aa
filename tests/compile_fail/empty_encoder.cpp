// expect: eigencoder: an encoder and a decoder are made of layers, at least one each
// expect: Encoder: got no layer, expected at least one
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
