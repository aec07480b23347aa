#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/stored_numbers.hpp>
#include <eigencoder/serialization/options.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// What a safetensors file says about its tensors, and their values as numbers. Source: the format's description in
/// its reference implementation (https://github.com/huggingface/safetensors), "Format".
namespace eigencoder::detail {

/// The text of a key; null if the key is missing.
inline const std::string* find_metadata(const Metadata& metadata, std::string_view key) {
  for (const auto& [name, value] : metadata)
    if (name == key) return &value;
  return nullptr;
}

/// The element types that take whole bytes.
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

/// The type of a model's scalar. Only float and double can be stored.
template <class Scalar>
  requires std::same_as<Scalar, float> || std::same_as<Scalar, double>
inline constexpr DType dtype_of = sizeof(Scalar) == sizeof(float) ? DType::F32 : DType::F64;

/// Whether values of this type can be converted to a model's scalar.
constexpr bool is_floating(DType type) {
  return type == DType::F16 || type == DType::BF16 || type == DType::F32 || type == DType::F64;
}

/// The largest relative error of rounding a number to a floating-point type.
constexpr double rounding_error(DType type) {
  return type == DType::BF16 ? 0x1p-8 : type == DType::F16 ? 0x1p-11 : type == DType::F32 ? 0x1p-24 : 0x1p-53;
}

/// Value i of a tensor of a floating-point type, converted to `Scalar`.
template <class Scalar>
Scalar value_at(DType type, const std::uint8_t* bytes, std::size_t i) {
  const auto stored = [&]<class T>(T value) {
    std::memcpy(&value, bytes + i * sizeof value, sizeof value);
    return value;
  };
  switch (type) {
    case DType::F16: return static_cast<Scalar>(half_to_float(stored(std::uint16_t{})));
    case DType::BF16: return static_cast<Scalar>(bfloat16_to_float(stored(std::uint16_t{})));
    case DType::F32: return static_cast<Scalar>(stored(float{}));
    default: return static_cast<Scalar>(stored(double{}));
  }
}

/// A tensor of a file: row-major, little-endian, in bytes [begin, end) of the data after the header.
struct TensorInfo {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;  ///< empty for a single value
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

}  // namespace eigencoder::detail
