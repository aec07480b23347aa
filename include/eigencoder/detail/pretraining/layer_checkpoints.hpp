#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/serialization/checkpoint_folder.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace eigencoder::detail {

/// The checkpoints of layers that are trained one after another, those of each in a folder of its own. The next layer
/// learns from the codes of this one, so its folder also says where its training ended.
struct LayerCheckpoints {
  const std::string& folder;
  const CheckpointOptions& options;

  /// Loads the latest checkpoint of layer k, and has further ones written.
  template <class Learner, class Scalar>
  [[gnu::cold]] void begin(std::size_t k, Learner& learner, FitOptions<Scalar>& fit) const {
    static_cast<void>(resume(learner, folder_of(k).string()));
    const std::int64_t steps = ModelAccess::state(std::as_const(learner)).steps;
    if (steps > 0 && steps == steps_at_end(k)) fit.max_steps = static_cast<Index>(steps);
    fit.observer = Observers{fit.observer, Checkpoints(learner, folder_of(k).string(), options)};
  }

  /// Notes that the training of layer k has ended.
  /// @throws OptionError where it ended at another step before
  template <class Learner>
  [[gnu::cold]] void end(std::size_t k, const Learner& learner) const {
    const std::int64_t steps = ModelAccess::state(learner).steps;
    const auto before = steps_at_end(k);
    if (before && *before != steps)
      throw OptionError(message({"pretrain: the training of layer ", k + 1, " ended after ", *before,
                                 " steps before, and now after ", steps, ": later layers in '", folder,
                                 "' learned from other codes; take another folder"}));
    const std::string text = std::to_string(steps);
    if (!before)
      write_file(mark_of(k), std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }

 private:
  std::filesystem::path folder_of(std::size_t k) const {
    return std::filesystem::path(folder) / ("layer-" + std::to_string(k + 1));
  }
  std::string mark_of(std::size_t k) const { return (folder_of(k) / "ended").string(); }

  /// The steps after which the training of layer k ended; empty if it did not.
  /// @throws FileError for a file that does not say it
  std::optional<std::int64_t> steps_at_end(std::size_t k) const {
    const std::string path = mark_of(k);
    if (!std::filesystem::exists(path)) return {};
    const auto bytes = read_file(path);
    const std::string text(bytes.begin(), bytes.end());
    std::int64_t steps = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
    if (error != std::errc{} || end != text.data() + text.size() || steps < 1)
      fail_file("read", path, "it does not hold a number of steps");
    return steps;
  }
};

}  // namespace eigencoder::detail
