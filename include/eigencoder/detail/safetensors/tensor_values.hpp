#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/half.hpp>
#include <eigencoder/detail/safetensors/safetensors_types.hpp>

/// @file
/// The values of a file's tensors as numbers of a model's scalar.
namespace eigencoder::detail {

/// Whether a model can take values of this type, converted to its scalar.
constexpr bool is_floating(DType type) {
  return type == DType::F16 || type == DType::BF16 || type == DType::F32 || type == DType::F64;
}

/// How far a value of such a type can be from the number it was rounded from, relative to it.
constexpr double rounding_of(DType type) {
  return type == DType::BF16 ? 0x1p-8 : type == DType::F16 ? 0x1p-11 : type == DType::F32 ? 0x1p-24 : 0x1p-53;
}

/// Value i of a tensor of such a type; of an F64 as a float, the nearest one.
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

}  // namespace eigencoder::detail
