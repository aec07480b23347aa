// expect: eigencoder: a model of images can be resized if no type and no learned value depends on their size
// expect: UpsampleTo<40, 40>: got an output of 40x40x? for images of every size, expected an output that grows with them
#include <eigencoder/restoration.hpp>

#include "every_member.hpp"

using namespace eigencoder;

int main() {
  const Autoencoder model{Encoder{Image{40, 40, 3}, Conv2d{3, 3, Stride{2}, Same{}}}, Decoder{UpsampleTo<40, 40>{}},
                          SquaredError{}};
  resized(model, 80, 80).reconstruct(samples);
}
