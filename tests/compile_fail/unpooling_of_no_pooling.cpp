// expect: eigencoder: a skip connection or an unpooling reads a layer before it
// expect: MaxUnpool2d<AtLayer<1>>: got Relu, expected a MaxPool2d
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, MaxPool2d<2>>,
                          Decoder<MaxUnpool2d<AtLayer<1>>, Conv2d<3, 3, Same>>, SquaredError>;

int main() { every_member(Model{}); }
