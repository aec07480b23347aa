// expect: eigencoder: a policy must suit the model
// expect: Sparse: got AtLayer<9>, expected a layer of the model, AtLayer<0> to AtLayer<2>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Sigmoid>, Decoder<Mirror>, Bernoulli, Sparse<L1, AtLayer<9>>>;

int main() { every_member(Model{}); }
