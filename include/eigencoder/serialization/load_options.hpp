#pragma once

#include <cstdint>
#include <string>

namespace eigencoder {

/// What a file may be like for a model to be loaded from it.
struct LoadOptions {
  bool allow_non_finite = false;                             ///< takes NaN and infinity
  std::uint64_t max_header_bytes = std::uint64_t{1} << 20;  ///< at most 100,000,000

  // For files from elsewhere, see `load`; a checkpoint to go on from is exactly as it was written.

  /// Converts tensors of F16, BF16, F32 and F64 to the model's scalar: exactly, but F64 rounded to float. A number too
  /// large for a float is refused.
  bool convert = false;
  /// Taken off the tensors' names, say "module." (DataParallel) or "_orig_mod." (torch.compile). A tensor whose name
  /// does not begin with it is none of the model's.
  std::string prefix = {};
  /// Passes over tensors that are none of the model's. Those that the model wants may never be missing.
  bool skip_unexpected = false;
};

}  // namespace eigencoder
