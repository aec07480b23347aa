#pragma once

#include <cstdint>
#include <eigencoder/data/scaling.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// @file
/// What a model file holds beside the model, and what loading accepts.
namespace eigencoder {

/// Key and text pairs of a file, in the file's order.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// What `save` and `save_checkpoint` write beside the model.
template <class Scalar = float>
struct SaveOptions {
  /// Your own metadata. No key may begin with "eigencoder." or "training.". In all they may take about 50 kB; more in a
  /// file that is more than 12 times as large.
  Metadata metadata = {};
  std::optional<Scaling<Scalar>> scaling = {};  ///< of the data, in the order of the model's input values
};

/// Which files `load` accepts. `load_checkpoint` and `resume` take the first two options alone: a checkpoint is read
/// exactly as it was written.
struct LoadOptions {
  bool allow_non_finite = false;                            ///< accepts NaN and infinity
  std::uint64_t max_header_bytes = std::uint64_t{1} << 20;  ///< largest header accepted; at most 100,000,000

  /// Converts tensors of type F16, BF16, F32 and F64 to the model's scalar. Exact, except that F64 is rounded to float;
  /// a number outside float's range is refused.
  bool convert = false;
  /// Removed from the tensors' names, for example "module." (DataParallel) or "_orig_mod." (torch.compile). A tensor
  /// whose name does not begin with the prefix does not belong to the model.
  std::string prefix = {};
  /// Ignores tensors that do not belong to the model. A tensor of the model may never be missing.
  bool skip_unexpected = false;
};

}  // namespace eigencoder
