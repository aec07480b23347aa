// expect: eigencoder: a model is built from known, positive sizes
// expect: Image<0, 40, 3>: got a size that is not positive, expected positive sizes
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<0, 40, 3>, Dense<512>, Relu, Dense<64>>, Decoder<TiedMirror>, SquaredError>;

int main() { every_member(Model{}); }
