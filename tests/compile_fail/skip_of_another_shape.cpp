// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: SkipAdd<AtLayer<1>>: got 40x40x16 = 25600 values, expected 20x20x16 = 6400 values, the shape of the layer it adds
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Stride<2>, Same>, Relu, Dense<16>>,
                          Decoder<Dense<25600>, Reshape<40, 40, 16>, SkipAdd<AtLayer<1>>, Conv2d<3, 3, Same>>,
                          SquaredError>;

int main() { every_member(Model{}); }
