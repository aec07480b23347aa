#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// @file
/// The files of a checkpoint folder: "checkpoint-000000000042.safetensors" after 42 training steps.
namespace eigencoder::detail {

inline constexpr std::string_view checkpoint_prefix = "checkpoint-", checkpoint_suffix = ".safetensors";

inline std::string checkpoint_name(std::int64_t steps) {
  const std::string number = std::to_string(steps);
  return std::string(checkpoint_prefix) + std::string(number.size() < 12 ? 12 - number.size() : 0, '0') + number +
         std::string(checkpoint_suffix);
}

inline bool is_checkpoint(std::string_view name) {
  if (!name.starts_with(checkpoint_prefix) || !name.ends_with(checkpoint_suffix)) return false;
  name.remove_prefix(checkpoint_prefix.size());
  name.remove_suffix((std::min)(checkpoint_suffix.size(), name.size()));
  return name.size() >= 12 && name.find_first_not_of("0123456789") == name.npos;
}

/// Whether the first checkpoint is of more steps than the second.
inline bool is_later_checkpoint(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

/// Appends `ending` to a file's name, so that it is no longer found as a checkpoint. An error is ignored.
inline void set_aside(const std::filesystem::path& path, const char* ending) {
  std::error_code ignored;
  std::filesystem::rename(path, path.string() + ending, ignored);
}

/// The names of a folder's checkpoints, the latest first; empty if there is no such folder. Removes temporary files of
/// writers that were killed. @throws FileError if the folder cannot be read
inline std::vector<std::string> checkpoints_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::not_found) return names;
  if (error) fail_file("read the folder", folder, error.message());
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_checkpoint(name)) names.push_back(name);
    else if (is_checkpoint(stem_of_temporary(name))) remove_if_stale(folder, name);
  }
  if (error) fail_file("read the folder", folder, error.message());
  std::sort(names.begin(), names.end(), is_later_checkpoint);
  return names;
}

}  // namespace eigencoder::detail
