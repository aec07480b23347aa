#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/safetensors/tensor_info.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Parses the header of a safetensors file event by event. Without a document tree, duplicate keys are noticed, nesting
/// beyond the format's is refused at once, and memory stays proportional to the header.
namespace eigencoder::detail {

/// A parsed header, or the reason why it is refused.
struct SafetensorsHeader {
  std::vector<TensorInfo> tensors;  ///< in the order of their data
  Metadata metadata;
  std::string error;  ///< empty for a valid header
};

/// Receives the events of nlohmann's SAX parser. Each member returns whether to continue.
class SafetensorsEvents {
 public:
  explicit SafetensorsEvents(SafetensorsHeader& header) : header_(header) {}

  bool null() { return refuse("null"); }
  bool boolean(bool value) { return refuse(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) { return refuse(std::to_string(value)); }
  bool number_float(double, const std::string& text) { return refuse(shown(text)); }
  bool binary(std::vector<std::uint8_t>&) { return refuse("binary"); }

  bool number_unsigned(std::uint64_t value) {
    if (scope_ != Scope::list) return refuse(std::to_string(value));
    if (list_.size() == max_dimensions) return fail(field_name() + " has more than 64 numbers");
    list_.push_back(value);
    return true;
  }

  bool string(const std::string& text) {
    if (scope_ == Scope::metadata) {
      header_.metadata.back().second = text;
      return true;
    }
    if (scope_ != Scope::tensor || field_ != Field::dtype) return refuse("a text");
    const auto* row = std::find_if(dtypes.begin(), dtypes.end(), [&](const DTypeRow& r) { return r.name == text; });
    if (row == dtypes.end()) return fail(field_name() + " is " + shown(text) + ", which is no type of the format");
    tensor().type = static_cast<DType>(row - dtypes.begin());
    return true;
  }

  bool start_object(std::size_t) {
    if (scope_ == Scope::file) {
      scope_ = Scope::root;
    } else if (scope_ == Scope::root) {
      scope_ = in_metadata_ ? Scope::metadata : Scope::tensor;
      seen_fields_ = 0;
    } else {
      return refuse("an object");
    }
    return true;
  }

  bool key(const std::string& text) {
    if (scope_ == Scope::root) {
      in_metadata_ = text == "__metadata__";
      if (in_metadata_ && had_metadata_) return fail("its header has two '__metadata__'");
      had_metadata_ = had_metadata_ || in_metadata_;
      if (!in_metadata_) header_.tensors.emplace_back().name = text;
    } else if (scope_ == Scope::metadata) {
      if (header_.metadata.size() == max_metadata) return fail("its metadata has more than 1024 keys");
      header_.metadata.emplace_back(text, "");
    } else {
      const auto* name = std::find(field_names.begin(), field_names.end(), text);
      if (name == field_names.end())
        return fail("its tensor " + shown(tensor().name) + " has an unknown field " + shown(text));
      field_ = static_cast<Field>(name - field_names.begin());
      const unsigned bit = 1U << static_cast<unsigned>(field_);
      if ((seen_fields_ & bit) != 0) return fail(field_name() + " is there twice");
      seen_fields_ |= bit;
    }
    return true;
  }

  bool end_object() {
    if (scope_ == Scope::tensor)
      for (unsigned f = 0; f < field_names.size(); ++f)
        if ((seen_fields_ >> f & 1) == 0)
          return fail("its tensor " + shown(tensor().name) + " has no " + std::string(field_names[f]));
    scope_ = Scope::root;
    return true;
  }

  bool start_array(std::size_t) {
    if (scope_ != Scope::tensor || field_ == Field::dtype) return refuse("a list");
    scope_ = Scope::list;
    list_.clear();
    return true;
  }

  bool end_array() {
    scope_ = Scope::tensor;
    if (field_ == Field::shape) {
      tensor().shape = list_;
      return true;
    }
    if (list_.size() != 2) return fail(field_name() + " has " + std::to_string(list_.size()) + " numbers instead of 2");
    tensor().begin = list_[0];
    tensor().end = list_[1];
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    if (error.id == 406) return refuse("a number that is too large");
    const bool utf8 = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
    return fail(std::string("its header is not valid ") + (utf8 ? "UTF-8" : "JSON") + " (byte " +
                std::to_string(position) + ")");
  }

  static constexpr std::size_t max_dimensions = 64, max_metadata = 1024;

 private:
  enum class Scope : std::uint8_t { file, root, metadata, tensor, list };
  enum class Field : std::uint8_t { dtype, shape, data_offsets };
  static constexpr std::array<std::string_view, 3> field_names{"dtype", "shape", "data_offsets"};

  TensorInfo& tensor() { return header_.tensors.back(); }
  /// "the shape of its tensor 'w'": the field being parsed.
  std::string field_name() {
    return "the " + std::string(field_names[static_cast<std::size_t>(field_)]) + " of its tensor " +
           shown(tensor().name);
  }

  bool fail(std::string reason) {
    header_.error = std::move(reason);
    return false;
  }
  /// Fails because the current scope expects something else than `what`.
  bool refuse(const std::string& what) {
    if (scope_ == Scope::file) return fail("its header is " + what + ", not an object");
    if (scope_ == Scope::root && in_metadata_) return fail("its metadata is " + what + ", not an object");
    if (scope_ == Scope::root) return fail("its tensor " + shown(tensor().name) + " is " + what + ", not an object");
    if (scope_ == Scope::metadata)
      return fail("its metadata " + shown(header_.metadata.back().first) + " is " + what + ", not a text");
    if (scope_ == Scope::list) return fail(field_name() + " holds " + what + ", not a plain whole number below 2^64");
    return fail(field_name() + " is " + what +
                (field_ == Field::dtype ? ", not a text" : ", not a list of whole numbers"));
  }

  SafetensorsHeader& header_;
  Scope scope_ = Scope::file;
  Field field_ = Field::dtype;
  bool in_metadata_ = false;
  bool had_metadata_ = false;
  unsigned seen_fields_ = 0;  ///< bit f: the tensor has field f
  std::vector<std::uint64_t> list_;
};

/// The first text, in sorted order, that two elements share; null if all differ.
template <class Element, class TextOf>
const std::string* duplicate(const std::vector<Element>& elements, const TextOf& text_of) {
  std::vector<const std::string*> texts;
  texts.reserve(elements.size());
  for (const Element& element : elements) texts.push_back(&text_of(element));
  std::sort(texts.begin(), texts.end(), [](const auto* a, const auto* b) { return *a < *b; });
  const auto found =
      std::adjacent_find(texts.begin(), texts.end(), [](const auto* a, const auto* b) { return *a == *b; });
  return found == texts.end() ? nullptr : *found;
}

/// Sorts a header's tensors by the position of their data, which together must fill `size` bytes without gaps.
/// @returns what is wrong with them; empty if nothing is
inline std::string sort_by_offset(std::vector<TensorInfo>& tensors, std::uint64_t size) {
  const auto bytes = [](std::uint64_t n) { return std::to_string(n) + (n == 1 ? " byte" : " bytes"); };
  for (const TensorInfo& tensor : tensors) {
    const std::string_view type = dtype_name(tensor.type);
    std::uint64_t expected = 1;  // bytes by shape and type
    const auto multiply = [&](std::uint64_t n) {  // false if the product exceeds 64 bits
      if (n != 0 && expected > UINT64_MAX / n) return false;
      expected *= n;
      return true;
    };
    if (!std::all_of(tensor.shape.begin(), tensor.shape.end(), multiply) || !multiply(dtype_bytes(tensor.type)))
      return "the shape of its tensor " + shown(tensor.name) + " is too large: it takes over 2^64 bytes";
    if (tensor.begin > tensor.end) return "its tensor " + shown(tensor.name) + " ends before it begins";
    if (tensor.end > size)
      return "its tensor " + shown(tensor.name) + " ends at byte " + std::to_string(tensor.end) +
             " of the data, of which there are " + std::to_string(size) + ": the file is cut off or damaged";
    if (tensor.end - tensor.begin != expected)
      return "its tensor " + shown(tensor.name) + " has " + bytes(tensor.end - tensor.begin) +
             " of data, but its shape of " + std::string(type) + " takes " + std::to_string(expected);
  }
  std::sort(tensors.begin(), tensors.end(), [](const TensorInfo& a, const TensorInfo& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t end = 0;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.begin < end) return "its tensor " + shown(tensor.name) + " overlaps another";
    if (tensor.begin > end)
      return "there is a gap of " + bytes(tensor.begin - end) + " before its tensor " + shown(tensor.name);
    end = tensor.end;
  }
  return end == size ? "" : bytes(size - end) + " of data belong to none of its tensors";
}

/// The most characters in a row outside of strings: numbers, brackets and blanks.
inline std::size_t longest_run_outside_strings(std::string_view header) {
  std::size_t longest = 0, run = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (in_string && header[i] == '\\') {
      ++i;
    } else if (header[i] == '"') {
      in_string = !in_string;
      run = 0;
    } else if (!in_string) {
      longest = (std::max)(longest, ++run);
    }
  }
  return longest;
}

/// Parses and checks a header without its trailing blanks, of a file with `size` bytes of data.
inline SafetensorsHeader parse_safetensors_header(std::string_view text, std::uint64_t size) {
  constexpr std::size_t shortest = std::string_view(R"("":{"dtype":"U8","shape":[],"data_offsets":[0,0]},)").size();
  SafetensorsHeader header;
  // nlohmann's parser would skip a byte order mark and stop at a zero byte.
  if (!text.starts_with('{') || !text.ends_with('}') || text.find('\0') != text.npos) {
    header.error = "its header is not a JSON object";
    return header;
  }
  // nlohmann's parser stores such a run, and quotes it several times in its errors.
  if (longest_run_outside_strings(text) > 4096) {
    header.error = "its header has more than 4096 characters in a row that are no text: deep lists, numbers or blanks";
    return header;
  }
  header.tensors.reserve(text.size() / shortest);  // an upper bound: it never grows
  SafetensorsEvents events(header);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &events)) return header;
  if (const auto* key = duplicate(
          header.metadata, [](const auto& entry) -> auto& { return entry.first; }))
    header.error = "its metadata has the key " + shown(*key) + " twice";
  else if (const auto* name = duplicate(
               header.tensors, [](const auto& tensor) -> auto& { return tensor.name; }))
    header.error = "it has two tensors " + shown(*name);
  else
    header.error = sort_by_offset(header.tensors, size);
  return header;
}

}  // namespace eigencoder::detail
