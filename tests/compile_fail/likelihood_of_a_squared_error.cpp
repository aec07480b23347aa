// expect: eigencoder: a generative model has a prior over its codes and a likelihood for a loss
// expect: SquaredError: got no likelihood, expected Bernoulli, Categorical or Gaussian
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, SquaredError, Variational<>>;

// Legal but for the one call.
int main() { Model{}.log_likelihood(samples); }
