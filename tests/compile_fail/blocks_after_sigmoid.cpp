// expect: eigencoder: a loss on logits applies the sigmoid or softmax itself
// expect: Blocks: got the output of Sigmoid, expected logits (leave Sigmoid out)
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<256>, Relu, Dense<32>>, Decoder<Mirror, Sigmoid>, Blocks>;

int main() { every_member(Model{}); }
