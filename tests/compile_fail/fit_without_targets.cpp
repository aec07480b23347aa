// expect: eigencoder: a model with a Target needs the targets too: model.fit(inputs, targets, Adam{}), model.evaluate(inputs, targets)
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<8, 3, Same>>, Decoder<Upsample<2>, Conv2d<3, 3, Same>>,
                          SquaredError, Target<Image<8, 8, 3>>>;

// Legal but for the one call.
int main() {
  Model model;
  model.fit(MatrixX<float>(16, 10), Adam{});
}
