#pragma once

#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// How augmentation sees an input and its target: what it is told of each, and whether the sides allow that both move
/// together, being multiples by one whole number.
struct TargetScales {
  ImageScale input = {}, target = {};
  bool are_multiples = true;

  /// Values of a target are of the same kind as the input's if it has as many channels, and the loss takes no classes.
  constexpr TargetScales(Shape in, Shape out, bool of_classes) {
    target.keeps_values = of_classes || out.channels != in.channels;
    if (out.is_flat() || !in.is_static() || !out.is_static()) return;
    if (out.height >= in.height) target.times = out.height / in.height;
    else target.per = input.per = input.times = in.height / out.height;
    are_multiples = in.height * target.times == out.height * target.per &&
                    in.width * target.times == out.width * target.per;
  }
};

}  // namespace eigencoder::detail
