// expect: eigencoder: the decoder must return the input's shape
// expect: Sigmoid, the last layer: got 1600 values, expected 40x40x3 = 4800 values
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Dense<512>, Relu, Dense<64>>,
                          Decoder<Dense<512>, Relu, Dense<1600>, Sigmoid>, SquaredError>;

int main() { every_member(Model{}); }
