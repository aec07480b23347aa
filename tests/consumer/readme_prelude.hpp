#pragma once

// What the README's blocks after the first take as given. They are compiled, not linked.
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/model/recipes.hpp>
#include <string>
#include <vector>

using namespace eigencoder;

extern Autoencoder<Encoder<Image<40, 40, 3>, Dense<32>>, Decoder<Mirror>, SquaredError> model;
extern const MatrixX<float> samples, noisy, clean, x;
extern const std::vector<int> labels;
extern const Index n;
extern const float* pixels;
