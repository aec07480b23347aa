#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/safetensors/safetensors_header.hpp>
#include <eigencoder/detail/safetensors/safetensors_types.hpp>
#include <eigencoder/extend/errors.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Safetensors files: 8 bytes with the length of the header (little-endian), the header (a JSON object, then blanks),
/// the tensors' data. Ours, told by metadata that begin with "eigencoder.", carry a CRC-32 ("eigencoder.checksum",
/// eight hexadecimal digits): of the data, then of the key and the text of each of the other metadata in their order, a
/// zero byte behind each of these. They begin their data at a multiple of 64, and put the widest types first, so that
/// every tensor is aligned.
namespace eigencoder::detail {

static_assert(std::endian::native == std::endian::little, "model files are little-endian, and so must the machine be");

inline constexpr std::string_view our_prefix = "eigencoder.", checksum_key = "eigencoder.checksum";
inline constexpr std::uint64_t usual_header_bytes = std::uint64_t{1} << 20;
inline constexpr std::uint64_t max_header_bytes = 100'000'000;  ///< the format's own limit

/// A file that was read: whole, and every tensor in its place.
struct SafetensorsFile {
  std::vector<TensorInfo> tensors;  ///< in the order of their data
  Metadata metadata;
  std::vector<std::uint8_t> bytes;  ///< the whole file
  std::size_t data = 0;             ///< where the data begin

  /// The tensor of this name; null where there is none.
  const TensorInfo* find(std::string_view name) const {
    const auto at = std::find_if(tensors.begin(), tensors.end(), [&](const TensorInfo& t) { return t.name == name; });
    return at == tensors.end() ? nullptr : &*at;
  }
  std::span<const std::uint8_t> payload(const TensorInfo& tensor) const {
    return std::span(bytes).subspan(data + static_cast<std::size_t>(tensor.begin),
                                    static_cast<std::size_t>(tensor.end - tensor.begin));
  }
};

/// Whether a library of this name wrote these, going by any of them.
inline bool is_ours(const Metadata& metadata) {
  return std::any_of(metadata.begin(), metadata.end(), [](const auto& e) { return e.first.starts_with(our_prefix); });
}

/// The text of a file's checksum, from that of its data.
inline std::string checksum_text(std::uint32_t checksum, const Metadata& metadata) {
  for (const auto& [key, value] : metadata)
    if (key != checksum_key)
      for (const std::string* text : {&key, &value})  // with the zero byte behind it
        checksum = crc32({reinterpret_cast<const std::uint8_t*>(text->c_str()), text->size() + 1}, checksum);
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[checksum >> shift & 0xF];
  return text;
}

/// Why a header is refused for its size; empty where it is not. Reading takes at most twelve times the header's text
/// and 320 KiB (most of it the parser's, for texts and errors); by the last rule, this and the file together stay below
/// twice the file and 1 MiB.
inline std::string header_too_large(std::uint64_t header, std::uint64_t text, std::uint64_t file, std::uint64_t most) {
  most = (std::min)(most, max_header_bytes);
  if (header > most)
    return "its header claims " + std::to_string(header) + " bytes, more than the limit of " + std::to_string(most) +
           ": it is damaged or no safetensors file";
  if (text > (file + (std::uint64_t{704} << 10)) / 12)
    return "its header of " + std::to_string(text) + " bytes is out of proportion to the file";
  return "";
}

inline std::string_view without_blanks(std::string_view header) {
  return header.substr(0, header.find_last_not_of(' ') + 1);
}

/// The length of a header by the file's first bytes (at most 8), checked against the file's size. @throws FileError
inline std::uint64_t safetensors_header_length(std::span<const std::uint8_t> start, std::uint64_t size,
                                               std::uint64_t most, const std::string& name) {
  std::uint64_t length = 0;
  if (start.size() < sizeof(length))
    fail_file("read", name,
              "it is cut off or no safetensors file: it has " + std::to_string(start.size()) +
                  " bytes, too short for one");
  std::memcpy(&length, start.data(), sizeof(length));
  if (const std::string reason = header_too_large(length, 0, size, most); !reason.empty())
    fail_file("read", name, reason);
  if (length > size - sizeof(length))
    fail_file("read", name,
              "its header claims " + std::to_string(length) + " bytes, of which the file holds " +
                  std::to_string(size - sizeof(length)) + ": it is cut off or no safetensors file");
  return length;
}

/// The safetensors file that these bytes are: see `read_safetensors`. @param name  for messages
inline SafetensorsFile parse_safetensors(std::vector<std::uint8_t> bytes, const std::string& name,
                                         std::uint64_t most = usual_header_bytes) {
  SafetensorsFile file;
  file.bytes = std::move(bytes);
  const std::uint64_t size = file.bytes.size(), length = safetensors_header_length(file.bytes, size, most, name);
  file.data = sizeof(length) + static_cast<std::size_t>(length);

  const std::string_view text = without_blanks(
      {reinterpret_cast<const char*>(file.bytes.data()) + sizeof(length), static_cast<std::size_t>(length)});
  if (const std::string reason = header_too_large(length, text.size(), size, most); !reason.empty())
    fail_file("read", name, reason);
  SafetensorsHeader header = parse_safetensors_header(text, size - file.data);
  if (!header.error.empty()) fail_file("read", name, header.error);
  file.tensors = std::move(header.tensors);
  file.metadata = std::move(header.metadata);

  if (!is_ours(file.metadata)) return file;
  const std::string* told = find_metadata(file.metadata, checksum_key);
  if (!told) fail_file("read", name, "its checksum is missing, the file is damaged");
  const std::uint32_t of_data = crc32(std::span(file.bytes).subspan(file.data));
  if (const std::string found = checksum_text(of_data, file.metadata); found != *told)
    fail_file("read", name,
              "its checksum is wrong, the file is damaged: its header says " + shown(*told) +
                  ", its data and metadata give '" + found + "'");
  return file;
}

/// Reads a safetensors file; one with a header of more than `most` bytes (at most 100,000,000) is refused.
/// @throws FileError naming the file and the cause, for whatever is not exactly as the format has it, and for a file of
///         ours whose checksum is wrong or missing
inline SafetensorsFile read_safetensors(const std::string& path, std::uint64_t most = usual_header_bytes) {
  const OpenFile in = open_to_read(path);
  std::array<std::uint8_t, sizeof(std::uint64_t)> memory{};
  const std::size_t first = in.size < memory.size() ? static_cast<std::size_t>(in.size) : memory.size();
  const std::span start = std::span(memory).first(first);
  read_into(start, in.file.get(), path);
  safetensors_header_length(start, in.size, most, path);

  std::vector<std::uint8_t> bytes;
  resize_bytes(bytes, in.size, path);
  std::copy(start.begin(), start.end(), bytes.begin());
  read_into(std::span(bytes).subspan(start.size()), in.file.get(), path);
  return parse_safetensors(std::move(bytes), path, most);
}

/// A tensor on its way into a file; the bytes are not copied.
struct TensorToWrite {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;
  std::span<const std::uint8_t> bytes;
};

/// Text as JSON has it: between quotes. Everything but quotes, backslashes and control characters stands for itself.
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

/// The header's text, of tensors in the order of their data.
inline std::string safetensors_header(std::span<const TensorToWrite* const> tensors, const Metadata& metadata) {
  std::string text = R"({"__metadata__":{)";
  for (const auto& [key, value] : metadata) {
    if (text.back() != '{') text += ',';
    append_json(text, key);
    append_json(text += ':', value);
  }
  text += '}';
  std::uint64_t at = 0;
  for (const TensorToWrite* tensor : tensors) {
    append_json(text += ',', tensor->name);
    ((text += R"(:{"dtype":")") += dtype_name(tensor->type)) += R"(","shape":[)";
    for (const std::uint64_t side : tensor->shape) text += (text.back() == '[' ? "" : ",") + std::to_string(side);
    text += R"(],"data_offsets":[)" + std::to_string(at) + ',';
    text += std::to_string(at += tensor->bytes.size()) + "]}";
  }
  return text += '}';
}

/// Writes a safetensors file, wholly or not at all; with `metadata` of ours, also its checksum (any there is replaced).
/// @throws FileError also for what `read_safetensors` would refuse: names or keys that are there twice or are not
///         UTF-8, shapes that do not fit the bytes, a header that is too large
inline void write_safetensors(const std::string& path, std::span<const TensorToWrite> tensors,
                              const Metadata& metadata = {}) {
  std::vector<const TensorToWrite*> order;
  for (const unsigned width : {8U, 4U, 2U, 1U})
    for (const TensorToWrite& tensor : tensors)
      if (dtype_bytes(tensor.type) == width) order.push_back(&tensor);

  std::vector<std::span<const std::uint8_t>> pieces(2);
  std::uint32_t checksum = 0;
  std::uint64_t size = 0;
  for (const TensorToWrite* tensor : order) {
    pieces.push_back(tensor->bytes);
    checksum = crc32(tensor->bytes, checksum);
    size += tensor->bytes.size();
  }
  Metadata all;
  for (const auto& entry : metadata)
    if (entry.first != checksum_key) all.push_back(entry);
  if (is_ours(metadata)) all.emplace_back(checksum_key, checksum_text(checksum, all));

  std::string header = safetensors_header(order, all);
  const std::size_t text = header.size();
  header.append((64 - (sizeof(std::uint64_t) + text) % 64) % 64, ' ');
  const std::uint64_t length = header.size();
  std::string reason = header_too_large(length, text, sizeof(length) + length + size, usual_header_bytes);
  if (reason.empty()) reason = parse_safetensors_header(without_blanks(header), size).error;
  if (!reason.empty()) fail_file("write", path, reason);

  pieces[0] = {reinterpret_cast<const std::uint8_t*>(&length), sizeof(length)};
  pieces[1] = {reinterpret_cast<const std::uint8_t*>(header.data()), header.size()};
  write_file(path, pieces);
}

}  // namespace eigencoder::detail
