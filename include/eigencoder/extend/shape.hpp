#pragma once

#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder {

/// The shape of one sample: height x width x channels, stored with the channel fastest.
/// A plain vector of n values is 1 x 1 x n. Every function is total: it works at compile time with
/// sizes still `Dynamic`, and a size that cannot be is the explicit `impossible`, never an error here;
/// so is a shape of more values than `Index` counts.
struct Shape {
  static constexpr Index impossible = -2;

  Index height = 1;
  Index width = 1;
  Index channels = 1;

  static constexpr Shape flat(Index n) { return {1, 1, checked(n)}; }
  static constexpr Shape none() { return {impossible, impossible, impossible}; }

  /// A size that is neither positive nor `Dynamic` is impossible.
  static constexpr Index checked(Index n) { return n > 0 || n == Dynamic ? n : impossible; }

  constexpr bool is_flat() const { return height == 1 && width == 1; }
  constexpr bool is_possible() const {
    if (height == impossible || width == impossible || channels == impossible) return false;
    constexpr Index most = (std::numeric_limits<Index>::max)();
    return !is_static() || (width <= most / height && channels <= most / (height * width));
  }
  constexpr bool is_static() const { return height > 0 && width > 0 && channels > 0; }

  /// Values in a sample, of a shape that is known to be static and possible: no checks.
  constexpr Index values() const { return height * width * channels; }
  /// Values in a sample; `Dynamic` while a side is, `impossible` where a side is.
  constexpr Index size() const {
    if (is_possible() && is_static()) return height * width * channels;
    return is_possible() ? Index{Dynamic} : impossible;
  }

  /// Whether a sample of this shape can stand where `other` is wanted: sizes still `Dynamic` may
  /// match, and a flat vector reshapes to any image with as many values.
  constexpr bool fits(const Shape& other) const {
    if (!is_possible() || !other.is_possible()) return false;
    if (!is_static() || !other.is_static()) return true;
    if (is_flat() || other.is_flat()) return size() == other.size();
    return *this == other;
  }

  friend constexpr bool operator==(const Shape&, const Shape&) = default;

  constexpr Text text() const {
    if (!is_possible()) return "an impossible size";
    Text out;
    const Index sides[] = {height, width, channels};
    for (int i = is_flat() ? 2 : 0; i < 3; ++i) {
      if (sides[i] == Dynamic)
        out.append("?");
      else
        out.append(static_cast<long long>(sides[i]));
      if (i < 2) out.append("x");
    }
    return out;
  }
  /// "784 values", "40x40x3 = 4800 values"
  constexpr Text in_words() const {
    if (!is_possible()) return text();
    if (is_flat()) return Text::of(text(), channels == 1 ? " value" : " values");
    return is_static() ? Text::of(text(), " = ", static_cast<long long>(size()), " values") : text();
  }
};

}  // namespace eigencoder
