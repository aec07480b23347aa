// expect: eigencoder: the decoder must return the input's shape
// expect: Tied(Dense<6>), the last layer: got 20 values, expected 10 values, without the mask
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<10>, Dense<6>, Relu>, Decoder<TiedMirror>, SquaredError,
                          MissingValues<MaskAsInput>>;

int main() { every_member(Model{}); }
