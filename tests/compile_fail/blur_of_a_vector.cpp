// expect: eigencoder: a policy must suit the model
// expect: Blur: got an input of 784 values, expected an image, Image<H, W, C>
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Denoising<Blur>>;

int main() { every_member(Model{}); }
