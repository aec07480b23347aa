#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/types.hpp>
#include "command_line.hpp"
#include "options.hpp"

/// @file
/// Patches of faces for the programs that learn from them.
namespace examples {

/// Gray patches of 25 x 25 x 1 pixels, one a column, of people to learn from and of others.
struct FacePatches {
  eigencoder::Dataset<float> training;
  eigencoder::Dataset<float> held_out;
};

/// The side of a patch.
inline constexpr eigencoder::Index patch_side = 25;

/// Says in the help where the faces come from.
void explain_faces(CommandLine& line);

/// Patches by the recipe of Hinton & Salakhutdinov, "Reducing the dimensionality of data with neural networks" (2006),
/// supporting material: a picture of 64 x 64 pixels is turned by up to 90 degrees, enlarged 1.4 to 1.8 times, and every
/// other pixel of a square at some place is taken. Every pixel is moved to mean 0 over the training patches, and all
/// are divided by one number, so that a pixel's mean variance is 1. The last ten of forty people are those held out;
/// with `validate` they are left aside, and of the others the last five are.
///
/// The faces are those of the folder that `--images` names, or of `$EIGENCODER_DATA/faces`: the ORL faces, ten pictures
/// `s1/1.pgm` to `s40/10.pgm` of each. Without a folder they are drawn.
/// @param patches  of each picture
/// @throws UsageError where the folder cannot be used
FacePatches load_face_patches(const Options& options, eigencoder::Index patches, bool validate);

}  // namespace examples
