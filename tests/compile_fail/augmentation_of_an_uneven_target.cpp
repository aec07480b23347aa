// expect: eigencoder: a policy must suit the model
// expect: Augmented: got an input of 4x4x1 and a target of 6x6x3, expected sides that are multiples by the same whole number
#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<8, 3, Same>>, Decoder<UpsampleTo<6, 6>, Conv2d<3, 3, Same>>,
                          SquaredError, Target<Image<6, 6, 3>>, Augmented<Shift>>;

int main() { every_member(Model{}); }
