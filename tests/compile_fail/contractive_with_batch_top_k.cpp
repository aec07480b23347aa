// expect: eigencoder: a policy must suit the model
// expect: Contractive: got an encoder with BatchTopK<5>, expected layers with a Jacobian for each sample
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<64>, BatchTopK<5>>, Decoder<Dense<784>>, SquaredError,
                          Contractive<Probes>>;

int main() { every_member(Model{}); }
