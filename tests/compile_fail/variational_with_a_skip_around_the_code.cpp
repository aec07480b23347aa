// expect: eigencoder: a policy must suit the model
// expect: Variational: got SkipAdd<AtLayer<1>> around the code, expected a decoder that reads the code alone
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<28, 28, 1>, Conv2d<8, 3, Same>, Relu, Conv2d<4, 3, Same>>,
                          Decoder<Conv2d<8, 3, Same>, SkipAdd<AtLayer<1>>, Relu, Conv2d<1, 3, Same>>, Bernoulli,
                          Variational<>>;

int main() { every_member(Model{}); }
