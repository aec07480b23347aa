// expect: eigencoder: a policy must suit the model
// expect: Grayscale: got an image of 1 channel, expected three channels
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<28, 28, 1>, Conv2d<8, 3, Stride<2>, Same>, Relu, Dense<16>>,
                          Decoder<Mirror>, Bernoulli, Denoising<Grayscale>>;

int main() { every_member(Model{}); }
