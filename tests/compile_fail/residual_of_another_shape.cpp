// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: Residual sum: got 40x40x16 = 25600 values, expected 40x40x8 = 12800 values, the shape of the layer it adds
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<
    Encoder<Image<40, 40, 3>, Conv2d<8, 3, Same>, Residual<Conv2d<8, 3, Same>, Relu, Conv2d<16, 3, Same>>, Dense<16>>,
    Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
