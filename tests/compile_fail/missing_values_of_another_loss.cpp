// expect: eigencoder: a policy must suit the model
// expect: MissingValues: got Categorical, expected a loss that treats each value by itself, such as SquaredError
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<10>, Dense<6>, Relu>, Decoder<Dense<10>>, Categorical, MissingValues<>>;

int main() { every_member(Model{}); }
