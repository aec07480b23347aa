// expect: eigencoder: an autoencoder is an Encoder, a Decoder and a loss, in this order
// expect: the third argument: got WeightDecay, expected a loss, such as SquaredError
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Mirror>, WeightDecay<>>;

int main() { every_member(Model{}); }
