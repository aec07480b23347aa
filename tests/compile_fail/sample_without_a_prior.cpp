// expect: eigencoder: a generative model has a prior over its codes and a likelihood for a loss
// expect: this model: got no prior, expected Variational<> or ImportanceWeighted
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Denoising<>>;

// Legal but for the one call.
int main() { Model{}.sample(10); }
