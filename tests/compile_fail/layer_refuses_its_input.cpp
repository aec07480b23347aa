// expect: eigencoder: a layer must be able to take what the one before it gives
// expect: PairNorm: got 31 values, expected an even number of values
#include "every_member.hpp"

using namespace eigencoder;

// Works on pairs of values.
struct PairNorm : LayerNorm {
  constexpr Shape output(Shape in) const { return in.size() == Dynamic || in.size() % 2 == 0 ? in : Shape::none(); }
  constexpr Text name() const { return "PairNorm"; }
  constexpr Text expected_input() const { return "an even number of values"; }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<31>, PairNorm, Dense<16>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
