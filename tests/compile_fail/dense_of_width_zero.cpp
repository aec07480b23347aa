// expect: eigencoder: a model is built from known, positive sizes
// expect: Dense<0>: got a size that is not positive, expected a positive width
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<0>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
