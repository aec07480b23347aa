// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: Conv2d<8, 3>: got 64 values, expected an image of at least 3x3
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, Relu, Conv2d<8, 3>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
