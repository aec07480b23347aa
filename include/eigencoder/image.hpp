#pragma once

/// @file
/// Pictures in and out, through stb: PNG and JPEG files to a data set, samples to PNG files.
#include <eigencoder/image/picture.hpp>
#include <eigencoder/image/read_images.hpp>
