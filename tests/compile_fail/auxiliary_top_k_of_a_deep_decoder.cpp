// expect: eigencoder: a policy must suit the model
// expect: AuxiliaryTopK: got another decoder, expected one of a single linear layer, such as Decoder<Dense<784>>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, TopK<5>>, Decoder<Dense<128>, Relu, Dense<784>>, SquaredError,
                          AuxiliaryTopK>;

int main() { every_member(Model{}); }
