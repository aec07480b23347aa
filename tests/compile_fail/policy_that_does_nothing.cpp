// expect: eigencoder: a policy must have at least one effect
// expect: Smooth: got none, expected const members: double penalize(values, gradient, size, batch), decay(block)
#include "every_member.hpp"

using namespace eigencoder;

struct Smooth : IdlePolicy {
  template <class S>
  double penalise(const S*, S*, Index, Index) const { return 0; }  // spelled otherwise
};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Bernoulli, Smooth>;

int main() { every_member(Model{}); }
