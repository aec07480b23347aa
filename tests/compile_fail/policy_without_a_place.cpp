// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got Smooth, wanted policies, such as WeightDecay<> (this lacks place)
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

struct Smooth {
  static constexpr std::string_view kind = "Smooth";
  void validate() const {}
  template <class S>
  double penalize(const S*, S*, Index, Index) const {
    return 0;
  }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Smooth>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  every_member(model, samples);
}
