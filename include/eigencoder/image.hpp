#pragma once

/// @file
/// Images in and out, through stb: PNG and JPEG files as data sets, samples as PNG files, and resizing.
#include <eigencoder/data/resize.hpp>
#include <eigencoder/image/picture.hpp>
#include <eigencoder/image/read_images.hpp>
