// expect: eigencoder: a policy must suit the model
// expect: AuxiliaryTopK: got Bernoulli, expected SquaredError
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, TopK<5>>, Decoder<Dense<784>>, Bernoulli, AuxiliaryTopK>;

int main() { every_member(Model{}); }
