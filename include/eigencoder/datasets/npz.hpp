#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/shown_text.hpp>
#include <eigencoder/detail/files/zip.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// NumPy's NPZ files, several named arrays in one: a zip file of NPY files, stored (`numpy.savez`) or deflated
/// (`numpy.savez_compressed`, which needs zlib). Checksums are verified.
namespace eigencoder {
namespace detail {

/// What stands behind the name of an array, as a member of the zip file.
inline constexpr std::string_view npy_extension = ".npy";

/// Calls `parse(bytes, name)` with the NPY file that holds an array. @throws FileError where there is none
template <class Parse>
auto parse_npz_member(std::span<const std::uint8_t> file, const std::string& name, std::string_view array,
                      const Parse& parse) {
  const ZipDirectory zip(file, name);
  std::string others;
  for (const ZipMember& member : zip.members()) {
    if (!member.name.ends_with(npy_extension)) continue;
    const auto own = std::string_view(member.name).substr(0, member.name.size() - npy_extension.size());
    if (own == array) return parse(zip.read(member), name + ": " + shown(array));
    if (others.size() < 300) others += (others.empty() ? "; it has " : ", ") + shown(own);
  }
  fail_file("read", name, "it has no array " + shown(array) + others);
}

}  // namespace detail

/// The names of the arrays of an NPZ file that is in memory, in its order. @param name  for messages
inline std::vector<std::string> parse_npz_names(std::span<const std::uint8_t> file, const std::string& name) {
  const detail::ZipDirectory zip(file, name);
  std::vector<std::string> names;
  for (const detail::ZipMember& member : zip.members())
    if (member.name.ends_with(detail::npy_extension))
      names.push_back(member.name.substr(0, member.name.size() - detail::npy_extension.size()));
  return names;
}

/// One array of an NPZ file that is in memory: see `read_npz`. @param name  for messages
template <class Scalar = float>
Dataset<Scalar> parse_npz(std::span<const std::uint8_t> file, const std::string& name, std::string_view array,
                          const NpyOptions& options = {}) {
  return detail::parse_npz_member(file, name, array, [&](std::span<const std::uint8_t> npy, const std::string& in) {
    return parse_npy<Scalar>(npy, in, options);
  });
}

/// The names of the arrays of an NPZ file, in its order, without ".npy".
/// @throws FileError naming the file and the cause: it cannot be read, is no zip file, or damaged
inline std::vector<std::string> npz_names(const std::string& path) {
  return parse_npz_names(detail::read_file(path), path);
}

/// One array of an NPZ file as samples: as `read_npy`.
/// @throws FileError as `npz_names` and `read_npy`; where there is no such array, or it is encrypted, packed
///         by another method than deflate, overlaps with another, or fails its checksum
template <class Scalar = float>
Dataset<Scalar> read_npz(const std::string& path, std::string_view array, const NpyOptions& options = {}) {
  return parse_npz<Scalar>(detail::read_file(path), path, array, options);
}

/// One array of an NPZ file as labels: as `read_npy_labels`. @throws FileError as `read_npz`
inline std::vector<int> read_npz_labels(const std::string& path, std::string_view array) {
  return detail::parse_npz_member(detail::read_file(path), path, array, parse_npy_labels);
}

}  // namespace eigencoder
