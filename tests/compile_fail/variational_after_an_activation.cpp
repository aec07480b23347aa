// expect: eigencoder: a policy must suit the model
// expect: Variational: got an encoder that ends in Relu, expected one that ends in a linear layer, such as Dense<16>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, Variational<>>;

int main() { every_member(Model{}); }
