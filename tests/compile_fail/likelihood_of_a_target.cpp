// expect: eigencoder: log_likelihood is of models that reconstruct their input, without a Target
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<4>, Dense<2>>, Decoder<Dense<6>>, Bernoulli, Variational<>, Target<Input<6>>>;

// Legal but for the one call.
int main() {
  const Model model;
  model.log_likelihood(MatrixX<float>(4, 10));
}
