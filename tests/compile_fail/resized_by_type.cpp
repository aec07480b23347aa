// expect: eigencoder: a model of images can be resized if no type and no learned value depends on their size
// expect: Image<40, 40, 3>: got sizes in the type, expected sizes as values, Image{h, w, c}
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Stride<2>, Same>>, Decoder<Mirror>, SquaredError>;

// Legal but for the one call.
int main() {
  Model model;
  every_member(model);
  resized(model, 80, 80).reconstruct(samples);
}
