// expect: eigencoder: a policy has the members of what it does
// expect: Smooth: got none of them, wanted const members: double penalize(values, gradient, size, batch), decay(block)
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

struct Smooth {
  static constexpr std::string_view kind = "Smooth";
  static constexpr Index place = -1;
  void validate() const {}
  template <class S>
  double penalise(const S*, S*, Index, Index) const {
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
