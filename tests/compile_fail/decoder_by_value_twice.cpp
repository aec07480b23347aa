// expect: eigencoder: a model is built from values of its own encoder, decoder, loss and policies
// expect: the constructor: got two values for Decoder<Mirror>, expected one at most
#include "every_member.hpp"

using namespace eigencoder;

int main() { every_member(LegalModel{Mirror{}, Mirror{}}); }
