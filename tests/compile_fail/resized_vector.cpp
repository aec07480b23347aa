// expect: eigencoder: a model of images can be resized if no type and no learned value depends on their size
// expect: Input<784>: got no image, expected Image{h, w, c}
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

// Legal but for the one call.
int main() {
  LegalModel model;
  every_member(model);
  resized(model, 56, 56).reconstruct(samples);
}
