#pragma once

#include <eigencoder/corruption/overlay.hpp>
#include <vector>

namespace examples {

/// Three marks to draw over images, of 96 pixels a side with smooth edges: a blue ring around a dot, a red letter R,
/// and a round badge with green and white stripes.
std::vector<eigencoder::Watermark> drawn_marks();

}  // namespace examples
