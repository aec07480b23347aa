#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Stacks of layers in libtorch, chosen by name, for `state_dict.test.cpp`. Separate, so that no file includes both
/// libtorch and the library.
namespace stacks {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  bool integers = false;  ///< the values are whole, of 64 bits in the stack and in files
};

/// A stack's outputs for contiguous samples, channel first.
struct Outputs {
  std::vector<float> codes, reconstructions;
};

/// Fills the stack's `named_parameters()` and `named_buffers()` by their names, in inference. Throws
/// `std::runtime_error` for a tensor that the stack has and `tensors` do not, or the other way around, or of another
/// shape or type.
Outputs run(const std::string& stack, const std::vector<Tensor>& tensors, const std::vector<float>& samples);

/// A stack as libtorch draws it, after `drawn_batches` that move its running statistics: its tensors, and what it makes
/// of the samples.
inline constexpr int drawn_batches = 5;
struct Drawn {
  std::vector<Tensor> tensors;
  Outputs outputs;
};
Drawn draw(const std::string& stack, const std::vector<float>& samples);

}  // namespace stacks
