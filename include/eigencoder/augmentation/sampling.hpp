#pragma once

namespace eigencoder {

/// How a change of an image finds values between pixels: from the four around, in proportion (bilinear), which blurs,
/// or from the nearest one, which keeps the hard edges of pixel art.
enum class Sampling { bilinear, nearest };

}  // namespace eigencoder
