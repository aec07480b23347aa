// Patches of faces: their sizes and scale, and that they depend on nothing but the recipe.
#include <common/faces.hpp>

#include "support/catch.hpp"

#include <cmath>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using examples::FacePatches, examples::load_face_patches, examples::Options, examples::UsageError;

TEST_CASE("patches of faces have mean 0 and variance 1 over those to learn from") {
  const FacePatches faces = load_face_patches({}, 2, false);
  CHECK(faces.training.size() == 600);
  CHECK(faces.held_out.size() == 200);
  CHECK(faces.training.shape == eigencoder::Shape{25, 25, 1});
  const auto& patches = faces.training.samples;
  CHECK(patches.rowwise().mean().cwiseAbs().maxCoeff() < 1e-4F);
  CHECK(patches.cast<double>().squaredNorm() / static_cast<double>(patches.size()) == Approx(1).epsilon(1e-5));
  CHECK(faces.held_out.samples.allFinite());
}

TEST_CASE("the people to validate with are not those to test with, and patches are the same in each run") {
  const FacePatches chosen = load_face_patches({}, 1, true);
  CHECK(chosen.training.size() == 250);
  CHECK(chosen.held_out.size() == 50);
  Options other;
  other.seed = 9;
  CHECK(load_face_patches(other, 1, true).training.samples == chosen.training.samples);
}

TEST_CASE("a folder without faces is refused") {
  const TemporaryFolder empty;
  Options options;
  options.images = empty.path();
  CHECK(says(thrown<UsageError>([&] { load_face_patches(options, 1, false); }), {"--images", "1.pgm"}));
}
