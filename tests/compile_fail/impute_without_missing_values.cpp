// expect: eigencoder: impute fills unknown values, which only models with the policy MissingValues take
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/evaluation/impute.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<10>, Dense<6>, Relu>, Decoder<Mirror>, SquaredError>;

// Legal but for the one call.
int main() {
  const Model model;
  const MatrixX<float> samples = MatrixX<float>::Zero(10, 2);
  return static_cast<int>(impute(model, samples).cols());
}
