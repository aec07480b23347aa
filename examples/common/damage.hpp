#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>

/// @file
/// Damaged images, to test whether a detector finds the damage.
namespace examples {

/// What happens to a part of an image.
enum class Damage {
  erased,     ///< a block turns white
  rotated,    ///< a block is turned by 180 degrees
  replaced,   ///< a block comes from another image
  scratched,  ///< thin lines cross a part of it
  recolored,  ///< a disk has the values of its channels exchanged: red is green, green blue, blue red
  blurred     ///< a block is blurred
};

/// All kinds, in order.
inline constexpr Damage all_damage[] = {Damage::erased,    Damage::rotated,   Damage::replaced,
                                        Damage::scratched, Damage::recolored, Damage::blurred};

/// Its name in a table and in files, such as "erased".
std::string name_of(Damage damage);

/// Images, each with damage of one kind, and where that is.
struct DamagedImages {
  eigencoder::MatrixX<float> samples;
  /// 1 for each pixel that is not as it was, else 0: pixels x images.
  eigencoder::MatrixX<float> masks;
};

/// Damages each image at a place, drawn by the seed, that shows something other than white. Damage is drawn again where
/// it hardly changes anything; an image that looks the same wherever it is damaged may stay as it is.
/// @throws ShapeError unless the images have three channels
DamagedImages damaged(const eigencoder::Dataset<float>& images, Damage damage, std::uint64_t seed);

}  // namespace examples
