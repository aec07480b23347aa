// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: TopK<50>: got 32 values, expected at least 50 values
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, TopK<50>>, Decoder<Dense<784>>, SquaredError, WeightDecay<>>;

int main() { every_member(Model{}); }
