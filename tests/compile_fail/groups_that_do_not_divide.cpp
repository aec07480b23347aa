// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: Conv2d<8, 3, Groups<4>>: got 38x38x6 = 8664 values, expected an image of at least 3x3, channels in and out in multiples of 4
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<6, 3>, Relu, Conv2d<8, 3, Groups<4>>>,
                          Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
