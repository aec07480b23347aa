// expect: no error
// The control: were a legal model refused, the other files here would fail for the wrong reason.
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli> model;
