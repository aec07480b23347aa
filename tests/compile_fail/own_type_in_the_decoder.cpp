// expect: eigencoder: an encoder and a decoder are made of layers, at least one each
// expect: Decoder: got Swish, expected layers, such as Dense<64> and Relu
#include "every_member.hpp"

using namespace eigencoder;

// A layer in the making: it has no derivative and no second_derivative yet.
struct Swish {
  template <class Scalar>
  Scalar value(Scalar z) const {
    return z / (1 + std::exp(-z));
  }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>, Decoder<Dense<128>, Swish, Dense<784>>,
                          SquaredError>;

int main() { every_member(Model{}); }
