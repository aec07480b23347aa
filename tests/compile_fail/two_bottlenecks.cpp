// expect: eigencoder: a policy must suit the model
// expect: ImportanceWeighted: got a model with Variational too, expected one bottleneck
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli,
                          Variational<>, ImportanceWeighted>;

int main() { every_member(Model{}); }
