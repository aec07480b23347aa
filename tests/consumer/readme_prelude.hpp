#pragma once

// What the README's blocks after the first take as given. They are compiled, not linked.
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

extern Autoencoder<Encoder<Image<40, 40, 3>, Dense<32>>, Decoder<Mirror>, SquaredError> model;
extern const MatrixX<float> samples, noisy, clean;
extern const Index n;
