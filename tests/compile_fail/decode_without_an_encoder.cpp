// expect: eigencoder: a decoder that reads layers of the encoder cannot decode a bare code
// expect: SkipAdd<AtLayer<1>>: got a bare code, expected a whole sample (call reconstruct)
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, Conv2d<8, 3, Same>>,
                          Decoder<Conv2d<16, 3, Same>, SkipAdd<AtLayer<1>>, Relu, Conv2d<3, 3, Same>>, SquaredError>;

// Legal but for the one call.
int main() {
  const Model model;
  model.reconstruct(samples);
  model.decode(model.encode(samples));
}
