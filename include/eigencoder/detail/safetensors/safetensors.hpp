#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/safetensors/header_parser.hpp>
#include <eigencoder/detail/safetensors/tensor_info.hpp>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Safetensors files: 8 bytes with the length of the header (little-endian), the header (a JSON object, then blanks),
/// the tensors' data.
///
/// Files written by this library have metadata whose keys begin with "eigencoder.", among them a CRC-32
/// ("eigencoder.checksum", eight hexadecimal digits). It covers the data, then the key and the text of each other entry
/// of the metadata in their order, each followed by a zero byte. Their data begin at a multiple of 64 bytes, widest
/// types first, so that every tensor is aligned.
namespace eigencoder::detail {

static_assert(std::endian::native == std::endian::little, "model files need a little-endian machine");

inline constexpr std::string_view library_prefix = "eigencoder.", checksum_key = "eigencoder.checksum";
inline constexpr std::uint64_t default_header_bytes = std::uint64_t{1} << 20;
inline constexpr std::uint64_t max_header_bytes = 100'000'000;  ///< the format's own limit

/// The contents of a safetensors file that passed every check.
struct SafetensorsFile {
  std::vector<TensorInfo> tensors;  ///< in the order of their data
  Metadata metadata;
  std::vector<std::uint8_t> bytes;  ///< the whole file
  std::size_t data = 0;             ///< offset of the data in `bytes`

  /// The tensor of this name; null if there is none.
  const TensorInfo* find(std::string_view name) const {
    const auto found =
        std::find_if(tensors.begin(), tensors.end(), [&](const TensorInfo& t) { return t.name == name; });
    return found == tensors.end() ? nullptr : &*found;
  }
  std::span<const std::uint8_t> payload(const TensorInfo& tensor) const {
    return std::span(bytes).subspan(data + static_cast<std::size_t>(tensor.begin),
                                    static_cast<std::size_t>(tensor.end - tensor.begin));
  }
};

/// Whether this library wrote the file with these metadata: any key with its prefix says so.
inline bool is_library_file(const Metadata& metadata) {
  return std::any_of(metadata.begin(), metadata.end(),
                     [](const auto& entry) { return entry.first.starts_with(library_prefix); });
}

/// The text of a file's checksum. `checksum` is that of its data.
inline std::string checksum_text(std::uint32_t checksum, const Metadata& metadata) {
  for (const auto& [key, value] : metadata)
    if (key != checksum_key)
      for (const std::string* text : {&key, &value})  // includes the terminating zero byte
        checksum = crc32({reinterpret_cast<const std::uint8_t*>(text->c_str()), text->size() + 1}, checksum);
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[checksum >> shift & 0xF];
  return text;
}

/// Why a header is too large; empty if it is not. Parsing takes at most 12 times the header's text plus 320 KiB (most
/// of it the JSON parser's, for texts and errors). The second rule therefore keeps the memory of reading, the file
/// itself included, below twice the file's size plus 1 MiB.
inline std::string header_too_large(std::uint64_t header, std::uint64_t text, std::uint64_t file, std::uint64_t limit) {
  limit = (std::min)(limit, max_header_bytes);
  if (header > limit)
    return "its header claims " + std::to_string(header) + " bytes, more than the limit of " + std::to_string(limit) +
           ": it is damaged or no safetensors file";
  if (text > (file + (std::uint64_t{704} << 10)) / 12)
    return "its header of " + std::to_string(text) + " bytes is out of proportion to the file";
  return "";
}

inline std::string_view without_blanks(std::string_view header) {
  return header.substr(0, header.find_last_not_of(' ') + 1);
}

/// Whether a file begins as those of PyTorch's `save`: a ZIP archive, or a pickle of protocol 2 to 5.
inline bool begins_as_pickle(std::span<const std::uint8_t> start) {
  const bool is_zip = start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
  return is_zip || (start[0] == 0x80 && start[1] >= 2 && start[1] <= 5);
}

/// @throws FileError with the line of Python that converts a pickle
[[noreturn, gnu::cold]] inline void fail_pickle(const std::string& name) {
  fail_file("read", name,
            "it seems to be a pickle of PyTorch, which may hold any program; convert it: python3 -c \"import sys, "
            "torch, safetensors.torch as s; d = torch.load(sys.argv[1], 'cpu', weights_only=True); s.save_file({k: "
            "v.clone().contiguous() for k, v in d.get('state_dict', d).items() if torch.is_tensor(v)}, "
            "sys.argv[2])\" model.pth model.safetensors");
}

/// The header's length, from the first 8 bytes of a file of `size` bytes. @throws FileError for an impossible length
inline std::uint64_t safetensors_header_length(std::span<const std::uint8_t> start, std::uint64_t size,
                                               std::uint64_t limit, const std::string& name) {
  std::uint64_t length = 0;
  if (start.size() < sizeof(length))
    fail_file("read", name,
              "it is cut off or no safetensors file: it has " + std::to_string(start.size()) +
                  " bytes, too short for one");
  std::memcpy(&length, start.data(), sizeof(length));
  if (const std::string reason = header_too_large(length, 0, size, limit); !reason.empty()) {
    if (begins_as_pickle(start)) fail_pickle(name);  // only now: a header may have a length of such bytes
    fail_file("read", name, reason);
  }
  if (length > size - sizeof(length))
    fail_file("read", name,
              "its header claims " + std::to_string(length) + " bytes, of which the file holds " +
                  std::to_string(size - sizeof(length)) + ": it is cut off or no safetensors file");
  return length;
}

/// As `read_safetensors`, from the bytes of a file; messages call it `name`.
inline SafetensorsFile parse_safetensors(std::vector<std::uint8_t> bytes, const std::string& name,
                                         std::uint64_t limit = default_header_bytes) {
  SafetensorsFile file;
  file.bytes = std::move(bytes);
  const std::uint64_t size = file.bytes.size(), length = safetensors_header_length(file.bytes, size, limit, name);
  file.data = sizeof(length) + static_cast<std::size_t>(length);

  const std::string_view text = without_blanks(
      {reinterpret_cast<const char*>(file.bytes.data()) + sizeof(length), static_cast<std::size_t>(length)});
  if (const std::string reason = header_too_large(length, text.size(), size, limit); !reason.empty())
    fail_file("read", name, reason);
  SafetensorsHeader header = parse_safetensors_header(text, size - file.data);
  if (!header.error.empty()) fail_file("read", name, header.error);
  file.tensors = std::move(header.tensors);
  file.metadata = std::move(header.metadata);

  if (!is_library_file(file.metadata)) return file;
  const std::string* stored = find_metadata(file.metadata, checksum_key);
  if (!stored) fail_file("read", name, "its checksum is missing, the file is damaged");
  const std::uint32_t data_checksum = crc32(std::span(file.bytes).subspan(file.data));
  if (const std::string computed = checksum_text(data_checksum, file.metadata); computed != *stored)
    fail_file("read", name,
              "its checksum is wrong, the file is damaged: its header says " + shown(*stored) +
                  ", its data and metadata give '" + computed + "'");
  return file;
}

/// Reads a safetensors file whose header has at most `limit` bytes (at most 100,000,000).
/// @throws FileError naming the file and the cause, for any deviation from the format, and for a wrong or missing
///         checksum of a file that this library wrote
inline SafetensorsFile read_safetensors(const std::string& path, std::uint64_t limit = default_header_bytes) {
  const SizedFile in = open_to_read(path);
  std::array<std::uint8_t, sizeof(std::uint64_t)> length{};
  const std::size_t first = in.size < length.size() ? static_cast<std::size_t>(in.size) : length.size();
  const std::span start = std::span(length).first(first);
  read_into(start, in.file.get(), path);
  safetensors_header_length(start, in.size, limit, path);

  std::vector<std::uint8_t> bytes;
  resize_bytes(bytes, in.size, path);
  std::copy(start.begin(), start.end(), bytes.begin());
  read_into(std::span(bytes).subspan(start.size()), in.file.get(), path);
  return parse_safetensors(std::move(bytes), path, limit);
}

/// A tensor to write, with bytes that belong to the caller.
struct TensorView {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;
  std::span<const std::uint8_t> bytes;
};

/// A tensor to write, with bytes of its own.
struct OwnedTensor {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes;
};

/// A tensor with a copy of these values.
template <class T>
OwnedTensor copied_tensor(std::string name, DType type, std::vector<std::uint64_t> shape, std::span<const T> values) {
  OwnedTensor tensor{std::move(name), type, std::move(shape), {}};
  tensor.bytes.resize(values.size_bytes());
  if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
  return tensor;
}

/// Appends a JSON string. Only quotes, backslashes and control characters are escaped.
inline void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      (out += "\\u00") += {digits[byte >> 4], digits[byte & 0xF]};
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
}

/// The header's text, for tensors in the order of their data.
inline std::string safetensors_header(std::span<const TensorView* const> tensors, const Metadata& metadata) {
  std::string text = R"({"__metadata__":{)";
  for (const auto& [key, value] : metadata) {
    if (text.back() != '{') text += ',';
    append_json(text, key);
    append_json(text += ':', value);
  }
  text += '}';
  std::uint64_t offset = 0;
  for (const TensorView* tensor : tensors) {
    append_json(text += ',', tensor->name);
    ((text += R"(:{"dtype":")") += dtype_name(tensor->type)) += R"(","shape":[)";
    for (const std::uint64_t side : tensor->shape) {
      if (text.back() != '[') text += ',';
      text += std::to_string(side);
    }
    ((text += R"(],"data_offsets":[)") += std::to_string(offset)) += ',';
    (text += std::to_string(offset += tensor->bytes.size())) += "]}";
  }
  return text += '}';
}

/// Writes a safetensors file, wholly or not at all. If a key of `metadata` has the library's prefix, a checksum is
/// added, in place of any that `metadata` holds.
/// @throws FileError also for what `read_safetensors` would refuse: names or keys that are repeated or not UTF-8,
///         shapes that do not fit the bytes, a header that is too large
inline void write_safetensors(const std::string& path, std::span<const TensorView> tensors,
                              const Metadata& metadata = {}) {
  std::vector<const TensorView*> order;
  for (const unsigned width : {8U, 4U, 2U, 1U})
    for (const TensorView& tensor : tensors)
      if (dtype_bytes(tensor.type) == width) order.push_back(&tensor);

  std::vector<std::span<const std::uint8_t>> pieces(2);
  std::uint32_t checksum = 0;
  std::uint64_t size = 0;
  for (const TensorView* tensor : order) {
    pieces.push_back(tensor->bytes);
    checksum = crc32(tensor->bytes, checksum);
    size += tensor->bytes.size();
  }
  Metadata all;
  for (const auto& entry : metadata)
    if (entry.first != checksum_key) all.push_back(entry);
  if (is_library_file(metadata)) all.emplace_back(checksum_key, checksum_text(checksum, all));

  std::string header = safetensors_header(order, all);
  const std::size_t text = header.size();
  header.append((64 - (sizeof(std::uint64_t) + text) % 64) % 64, ' ');
  const std::uint64_t length = header.size();
  std::string reason = header_too_large(length, text, sizeof(length) + length + size, default_header_bytes);
  if (reason.empty()) reason = parse_safetensors_header(without_blanks(header), size).error;
  if (!reason.empty()) fail_file("write", path, reason);

  pieces[0] = {reinterpret_cast<const std::uint8_t*>(&length), sizeof(length)};
  pieces[1] = {reinterpret_cast<const std::uint8_t*>(header.data()), header.size()};
  write_file(path, pieces);
}

/// The same for tensors that own their bytes.
inline void write_safetensors(const std::string& path, const std::vector<OwnedTensor>& tensors,
                              const Metadata& metadata = {}) {
  std::vector<TensorView> views;
  for (const OwnedTensor& tensor : tensors) views.push_back({tensor.name, tensor.type, tensor.shape, tensor.bytes});
  write_safetensors(path, std::span<const TensorView>(views), metadata);
}

}  // namespace eigencoder::detail
