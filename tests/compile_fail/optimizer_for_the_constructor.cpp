// expect: eigencoder: a model is built from values of its own encoder, decoder, loss and policies
// expect: the constructor: got Adam, expected a value for an argument of Autoencoder<...> (an optimizer goes to fit)
#include "every_member.hpp"

using namespace eigencoder;

int main() { every_member(LegalModel{Bernoulli{}, Adam{.learning_rate = 1e-3}}); }
