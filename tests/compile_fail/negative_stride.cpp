// expect: eigencoder: a model is built from known, positive sizes
// expect: Conv2d<8, 3, Stride<-2>>: got a size or an option out of range, expected sizes, strides and groups of at least 1, padding of at least 0, each option once
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<8, 3, Stride<-2>>, Relu, Dense<16>>,
                          Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
