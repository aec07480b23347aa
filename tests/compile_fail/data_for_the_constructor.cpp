// expect: eigencoder: a model is built from values of its own encoder, decoder, loss and policies
// expect: the constructor: got Eigen::Matrix<float, -1, -1>, expected a value for an argument of Autoencoder<...>
#include "every_member.hpp"

using namespace eigencoder;

int main() { every_member(LegalModel(samples)); }
