// expect: eigencoder: a policy must suit the model
// expect: Overlay: got an image of 2 channels, expected one or three channels
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<28, 28, 2>, Conv2d<8, 3, Stride<2>, Same>, Relu, Dense<16>>,
                          Decoder<Mirror>, Bernoulli, Denoising<Overlay>>;

int main() { every_member(Model{}); }
