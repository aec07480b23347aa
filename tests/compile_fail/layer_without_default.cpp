// expect: eigencoder: every part of a model has a constexpr default
// expect: Threshold: got none, expected a constexpr default constructor
#include "every_member.hpp"

using namespace eigencoder;

// Its only constructor takes the threshold.
struct Threshold : Relu {
  explicit Threshold(double least) : threshold(least) {}
  double threshold;
};

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Dense<128>, Threshold>,
                          SquaredError>;

int main() { every_member(Model{}); }
