// expect: eigencoder: an encoder begins with Input<N> or Image<H, W, C>
// expect: Encoder: got Dense<128> first, expected Input<N> or Image<H, W, C>
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Dense<128>, Relu, Dense<32>>, Decoder<Mirror>, SquaredError>;

int main() { every_member(Model{}); }
