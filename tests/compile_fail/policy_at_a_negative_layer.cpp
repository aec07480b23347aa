// expect: eigencoder: AtLayer<Layer> counts layers from 0, the encoder's first
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli, WeightDecay<AtLayer<-5>>>;

int main() { every_member(Model{}); }
