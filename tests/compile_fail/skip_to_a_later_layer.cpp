// expect: eigencoder: a skip connection or an unpooling reads a layer before it
// expect: SkipAdd<AtLayer<5>>: got a place at layer 4, expected a layer before it
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, Conv2d<8, 3, Same>>,
                          Decoder<Conv2d<16, 3, Same>, SkipAdd<AtLayer<5>>, Relu, Conv2d<3, 3, Same>>, SquaredError>;

int main() { every_member(Model{}); }
