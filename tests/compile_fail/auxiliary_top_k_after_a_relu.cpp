// expect: eigencoder: a policy must suit the model
// expect: AuxiliaryTopK: got TopK<5> after Relu, expected a linear layer before it
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, Relu, TopK<5>>, Decoder<Dense<784>>, SquaredError,
                          AuxiliaryTopK>;

int main() { every_member(Model{}); }
