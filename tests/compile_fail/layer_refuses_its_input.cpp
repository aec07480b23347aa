// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: PairNorm: got 31 values, wanted an even number of values
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

// Works on pairs of values.
struct PairNorm : LayerNorm {
  constexpr Shape output(Shape in) const { return in.size() == Dynamic || in.size() % 2 == 0 ? in : Shape::none(); }
  constexpr Text name() const { return "PairNorm"; }
  constexpr Text wanted() const { return "an even number of values"; }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<31>, PairNorm, Dense<16>>, Decoder<Mirror>, SquaredError>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  const MatrixX<float> codes = model.encode(samples);
  const Evaluation evaluation = model.evaluate(samples);
  std::printf("%s\n%td values a code, mse %g\n", model.summary().c_str(), codes.rows(), evaluation.mse);
  every_member(model, samples);
}
