// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: Conv2d<8, 7>: got 6x6x3 = 108 values, expected an image of at least 7x7
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<6, 6, 3>, Conv2d<8, 7>, Relu, Dense<16>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
