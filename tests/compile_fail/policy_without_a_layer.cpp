// expect: eigencoder: only policies follow the loss
// expect: Autoencoder: got Smooth, expected policies, such as WeightDecay<> (this lacks at_layer)
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

int main() { every_member(Model{}); }
