#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/weightless.hpp>
#include <eigencoder/extend/kernel_scratch.hpp>

namespace eigencoder {

namespace detail {

struct CopyKernel : WeightlessKernel {
  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>&) const {
    const Range samples = range(task, batch);
    const Index size = out.size();
    std::copy_n(x + samples.first * size, samples.count * size, y + samples.first * size);
    return {0, size, samples.first, samples.count, size};
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return apply(task, y, x, batch, scratch);
  }
};

}  // namespace detail

/// Reads the same values as an image of another shape, the channel fastest: what stands between `Dense` and a
/// convolution. A vector enters, or any image of as many values.
///
///     Reshape<7, 7, 32>, Reshape{7, 7, 32}
template <Index Height = Dynamic, Index Width = Dynamic, Index Channels = Dynamic>
struct Reshape : detail::WeightlessLayer {
  Shape shape{Height, Width, Channels};

  constexpr Reshape() = default;
  constexpr Reshape(Index height, Index width, Index channels)
    requires(Height == Dynamic && Width == Dynamic && Channels == Dynamic)
      : shape{height, width, channels} {}

  constexpr Shape output(Shape in) const {
    const Shape out{Shape::checked(shape.height), Shape::checked(shape.width), Shape::checked(shape.channels)};
    if (!in.is_possible() || !out.is_possible()) return Shape::none();
    return !in.is_static() || !out.is_static() || in.size() == out.size() ? out : Shape::none();
  }
  constexpr Text name() const {
    const bool by_value = Height == Dynamic || Width == Dynamic || Channels == Dynamic;
    Text text = by_value ? "Reshape{" : "Reshape<";
    const Index sides[] = {shape.height, shape.width, shape.channels};
    for (int i = 0; i < 3; ++i) {
      if (i > 0) text.append(", ");
      sides[i] == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(sides[i]));
    }
    return text.append(by_value ? "}" : ">");
  }
  /// "1568 values"
  constexpr Text wanted() const {
    const Shape out = output({Dynamic, Dynamic, Dynamic});
    return out.is_static() ? Shape::flat(out.size()).in_words() : Text("positive sizes");
  }

  template <class Scalar>
  detail::CopyKernel kernel(Shape in, const Scalar*) const {
    return {{in, output(in)}};
  }
};

Reshape(Index, Index, Index) -> Reshape<>;

}  // namespace eigencoder
