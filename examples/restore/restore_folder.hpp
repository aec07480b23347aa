#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <string>

/// @file
/// A user's own pictures, each at its own size.
namespace examples {

/// A picture: height x width x 3, channels fastest, values in [0, 1].
struct Photo {
  eigencoder::VectorX<float> values;
  eigencoder::Shape shape;
};

/// What restores a picture; it may return another size.
using PhotoRestorer = std::function<Photo(const Photo&)>;

/// Reads every PNG and JPEG file of a folder, restores it and writes it under its name as a PNG file to another folder,
/// which is made where there is none. What cannot be read, restored or written, and a file whose name another one
/// already has but for its ending, is named on the standard error output and passed over.
/// @return how many pictures were written
/// @throws UsageError where the folder cannot be read or holds no picture, and where both folders are the same
/// @throws FileError where the folder for the results cannot be made
eigencoder::Index restore_folder(const std::string& from, const std::string& to, const PhotoRestorer& restore);

/// 1 for each value of a pixel that is pure magenta, (255, 0, 255), which marks what is to be filled; else 0.
eigencoder::VectorX<float> holes_of(const Photo& photo);

}  // namespace examples
