#pragma once

#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>

namespace eigencoder {

/// The shape of one sample: height x width x channels, with channels as the fastest index. A vector of n values is 1 x
/// 1 x n. Functions accept every shape, at compile time too: sizes may be `Dynamic`, and a size that cannot exist is
/// `impossible` instead of an error, as is a shape of more values than `Index` counts.
struct Shape {
  static constexpr Index impossible = -2;  ///< a size that cannot exist

  Index height = 1;    ///< rows of an image
  Index width = 1;     ///< columns of an image
  Index channels = 1;  ///< values at one position, or of a vector

  /// A vector of n values.
  static constexpr Shape flat(Index n) { return {1, 1, checked(n)}; }
  /// The shape that cannot exist.
  static constexpr Shape none() { return {impossible, impossible, impossible}; }

  /// `n` if it is positive or `Dynamic`, else `impossible`.
  static constexpr Index checked(Index n) { return n > 0 || n == Dynamic ? n : impossible; }

  /// Whether it is a vector.
  constexpr bool is_flat() const { return height == 1 && width == 1; }
  /// Whether such a sample can exist.
  constexpr bool is_possible() const {
    if (height == impossible || width == impossible || channels == impossible) return false;
    constexpr Index max_size = (std::numeric_limits<Index>::max)();
    return !is_static() || (width <= max_size / height && channels <= max_size / (height * width));
  }
  /// Whether all sizes are known, and positive.
  constexpr bool is_static() const { return height > 0 && width > 0 && channels > 0; }

  /// Values of a sample, without checks: the shape must be static and possible.
  constexpr Index values() const { return height * width * channels; }
  /// Values of a sample; `Dynamic` if a size is, `impossible` if the shape is.
  constexpr Index size() const {
    if (is_possible() && is_static()) return height * width * channels;
    return is_possible() ? Index{Dynamic} : impossible;
  }

  /// Whether a sample of this shape can serve as one of shape `other`: `Dynamic` sizes may match, and a vector reshapes
  /// to any image with the same number of values.
  constexpr bool fits(const Shape& other) const {
    if (!is_possible() || !other.is_possible()) return false;
    if (!is_static() || !other.is_static()) return true;
    if (is_flat() || other.is_flat()) return size() == other.size();
    return *this == other;
  }

  /// Whether all sizes are equal.
  friend constexpr bool operator==(const Shape&, const Shape&) = default;

  /// "784", "40x40x3"; `Dynamic` sizes show as "?".
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
