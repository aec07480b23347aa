// expect: eigencoder: the decoder must return the input's shape
// expect: Conv2d<3, 3, Same>, the last layer: got 20x20x3 = 1200 values, expected 40x40x3 = 4800 values
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Stride<2>, Same>, Relu, Conv2d<8, 3, Same>>,
                          Decoder<Conv2d<16, 3, Same>, Relu, Conv2d<3, 3, Same>>, SquaredError>;

int main() { every_member(Model{}); }
