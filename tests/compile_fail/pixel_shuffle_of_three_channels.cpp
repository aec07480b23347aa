// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: PixelShuffle<2>: got 20x20x3 = 1200 values, expected an image with channels in multiples of 4
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Stride<2>, Same>, Relu, Dense<16>>,
                          Decoder<Dense<1200>, Reshape<20, 20, 3>, PixelShuffle<2>, Conv2d<3, 3, Same>>, SquaredError>;

int main() { every_member(Model{}); }
