// expect: eigencoder: the decoder must return the target's shape
// expect: Mirrored(Conv2d<8, 3, Same>), the last layer: got 4x4x1 = 16 values, expected 8x8x3 = 192 values
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<8, 3, Same>>, Decoder<Mirror>, SquaredError,
                          Target<Image<8, 8, 3>>>;

int main() { every_member(Model{}); }
