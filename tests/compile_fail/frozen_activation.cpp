// expect: eigencoder: a policy must suit the model
// expect: Frozen: got AtLayer<1>, expected a layer with parameters or running statistics of its own
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, Frozen<AtLayer<1>>>;

int main() { every_member(Model{}); }
