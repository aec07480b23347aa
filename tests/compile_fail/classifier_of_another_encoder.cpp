// expect: eigencoder: a model is built from values of its own encoder, decoder, loss and policies
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli>;

int main() { Classifier<Encoder<Input<784>, Dense<64>, Relu>, Classes<10>> classifier{Model{}}; }
