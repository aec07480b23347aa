// expect: eigencoder: the decoder must return the input's shape
// expect: Dense<700>, the last layer: got 700 values, expected 784 values
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  every_member(Autoencoder{Encoder{Input<784>{}, Dense<32>{}, LeakyRelu{.negative_slope = 0.2}},
                           Decoder{Dense<700>{Initializer::he_uniform()}}, SquaredError{}});
}
