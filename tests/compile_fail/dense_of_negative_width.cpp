// expect: eigencoder: a model is built from known, positive sizes
// expect: Dense<-5>: got a size that is not positive, expected a positive width
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<128>, Relu, Dense<32>>,
                          Decoder<Dense<-5>, Relu, Dense<784>>, SquaredError>;

int main() { every_member(Model{}); }
