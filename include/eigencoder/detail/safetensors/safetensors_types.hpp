#pragma once

#include <eigencoder/serialization/metadata.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// What a safetensors file says of itself. Source: the format's description in its reference implementation
/// (https://github.com/huggingface/safetensors), "Format".
namespace eigencoder::detail {

inline const std::string* find_metadata(const Metadata& metadata, std::string_view key) {
  for (const auto& [name, value] : metadata)
    if (name == key) return &value;
  return nullptr;
}

/// The types of a tensor's elements that fill whole bytes.
enum class DType : std::uint8_t {
  Boolean,
  U8,
  I8,
  F8_E5M2,
  F8_E4M3,
  F8_E8M0,
  U16,
  I16,
  F16,
  BF16,
  U32,
  I32,
  F32,
  U64,
  I64,
  F64,
  C64,
};

struct DTypeRow {
  std::string_view name;
  unsigned bytes;
};
/// In the order of `DType`.
inline constexpr std::array<DTypeRow, 17> dtypes{{{"BOOL", 1},
                                                  {"U8", 1},
                                                  {"I8", 1},
                                                  {"F8_E5M2", 1},
                                                  {"F8_E4M3", 1},
                                                  {"F8_E8M0", 1},
                                                  {"U16", 2},
                                                  {"I16", 2},
                                                  {"F16", 2},
                                                  {"BF16", 2},
                                                  {"U32", 4},
                                                  {"I32", 4},
                                                  {"F32", 4},
                                                  {"U64", 8},
                                                  {"I64", 8},
                                                  {"F64", 8},
                                                  {"C64", 8}}};
static_assert(dtypes[static_cast<std::size_t>(DType::C64)].name == "C64");

constexpr std::string_view dtype_name(DType type) { return dtypes[static_cast<std::size_t>(type)].name; }
constexpr unsigned dtype_bytes(DType type) { return dtypes[static_cast<std::size_t>(type)].bytes; }

/// A tensor of a file: row-major, little-endian, in bytes [begin, end) of the data that follow the header.
struct TensorInfo {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;  ///< empty: a single value
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};
}  // namespace eigencoder::detail
