// expect: eigencoder: a loss on logits applies the sigmoid or softmax itself
// expect: Categorical: got the output of Sigmoid, expected logits (leave Sigmoid out)
#include "every_member.hpp"

using namespace eigencoder;

// Pixels of 16 colors, each as 16 channels of which one is 1.
using Model = Autoencoder<Encoder<Image<8, 8, 16>, Dense<100>, Tanh, Dense<20>>,
                          Decoder<Dense<100>, Tanh, Dense<1024>, Sigmoid>, Categorical, WeightDecay<>>;

int main() { every_member(Model{}); }
