// expect: eigencoder: a policy must suit the model
// expect: AuxiliaryTopK: got a code that ends in Dense<64>, expected TopK, BatchTopK or JumpRelu after a linear layer
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>>, Decoder<Dense<784>>, SquaredError, AuxiliaryTopK>;

int main() { every_member(Model{}); }
