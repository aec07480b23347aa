// expect: eigencoder: a decoder that reads layers of the encoder cannot decode a bare code
// expect: SkipAdd<AtLayer<1>>: got a bare code, wanted a whole sample (call reconstruct)
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<40, 40, 3>, Conv2d<16, 3, Same>, Relu, Conv2d<8, 3, Same>>,
                          Decoder<Conv2d<16, 3, Same>, SkipAdd<AtLayer<1>>, Relu, Conv2d<3, 3, Same>>, SquaredError>;

// Legal but for the one call.
int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(4800, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples), reconstructed = model.reconstruct(samples);
  const MatrixX<float> decoded = model.decode(codes);
  std::printf("%s\n%td values a code, %td in a sample\n", model.summary().c_str(), codes.rows(), decoded.rows());
}
