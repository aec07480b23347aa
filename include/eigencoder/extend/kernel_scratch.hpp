#pragma once

#include <eigencoder/extend/buffer.hpp>

namespace eigencoder {

/// Room for the panels of a product, for images laid out for it, and for the beginnings of their stretches; it grows
/// once and is then reused, one a thread.
template <class Scalar>
struct KernelScratch {
  Buffer<Scalar> panels, images;
  Buffer<Index> begins;
};

}  // namespace eigencoder
