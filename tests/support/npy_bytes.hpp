#pragma once

#include <cstdint>
#include <string>
#include <vector>

// NPY files, built byte by byte.
using Bytes = std::vector<std::uint8_t>;

inline Bytes npy(const std::string& dictionary, const Bytes& values, std::uint8_t format = 1) {
  Bytes out{0x93, 'N', 'U', 'M', 'P', 'Y', format, 0};
  for (std::size_t i = 0; i < (format == 1 ? 2U : 4U); ++i)
    out.push_back(static_cast<std::uint8_t>(dictionary.size() >> (8 * i)));
  out.insert(out.end(), dictionary.begin(), dictionary.end());
  out.insert(out.end(), values.begin(), values.end());
  return out;
}

inline std::string dictionary(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape +
         ", }   \n";
}

// The low `width` bytes of a number, in either byte order.
inline void put(Bytes& out, std::uint64_t bits, std::size_t width, bool big = false) {
  for (std::size_t i = 0; i < width; ++i)
    out.push_back(static_cast<std::uint8_t>(bits >> (8 * (big ? width - 1 - i : i))));
}
