// expect: eigencoder: the decoder must return the input's shape
// expect: Dense<748>, the last layer: got 748 values, expected 784 values
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<256>, Relu, Dense<32>>,
                          Decoder<Dense<256>, Relu, Dense<748>>, SquaredError>;

int main() { every_member(Model{}); }
