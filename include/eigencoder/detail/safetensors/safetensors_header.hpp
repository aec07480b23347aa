#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/shown_text.hpp>
#include <eigencoder/detail/safetensors/safetensors_types.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The header of a safetensors file, read by events: no document is built, so that duplicate keys are seen, nothing
/// nests deeper than the format does, and memory stays in proportion.
namespace eigencoder::detail {

/// What a header says, or the reason why it is refused.
struct SafetensorsHeader {
  std::vector<TensorInfo> tensors;  ///< in the order of their data
  Metadata metadata;
  std::string error;
};

/// nlohmann's parser calls these (its SAX interface); each returns whether to go on.
class SafetensorsEvents {
 public:
  explicit SafetensorsEvents(SafetensorsHeader& header) : header_(header) {}

  bool null() { return refuse("null"); }
  bool boolean(bool value) { return refuse(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) { return refuse(std::to_string(value)); }
  bool number_float(double, const std::string& text) { return refuse(shown(text)); }
  bool binary(std::vector<std::uint8_t>&) { return refuse("binary"); }

  bool number_unsigned(std::uint64_t value) {
    if (place_ != Place::list) return refuse(std::to_string(value));
    if (list_.size() == max_dimensions) return fail(whole() + " has more than 64 numbers");
    list_.push_back(value);
    return true;
  }

  bool string(const std::string& text) {
    if (place_ == Place::metadata) {
      header_.metadata.back().second = text;
      return true;
    }
    if (place_ != Place::tensor || field_ != Field::dtype) return refuse("a text");
    const auto* row = std::find_if(dtypes.begin(), dtypes.end(), [&](const DTypeRow& r) { return r.name == text; });
    if (row == dtypes.end()) return fail(whole() + " is " + shown(text) + ", which is no type of the format");
    tensor().type = static_cast<DType>(row - dtypes.begin());
    return true;
  }

  bool start_object(std::size_t) {
    if (place_ == Place::file) {
      place_ = Place::root;
    } else if (place_ == Place::root) {
      place_ = in_metadata_ ? Place::metadata : Place::tensor;
      seen_ = 0;
    } else {
      return refuse("an object");
    }
    return true;
  }

  bool key(const std::string& text) {
    if (place_ == Place::root) {
      in_metadata_ = text == "__metadata__";
      if (in_metadata_ && had_metadata_) return fail("its header has two '__metadata__'");
      had_metadata_ = had_metadata_ || in_metadata_;
      if (!in_metadata_) header_.tensors.emplace_back().name = text;
    } else if (place_ == Place::metadata) {
      if (header_.metadata.size() == max_metadata) return fail("its metadata has more than 1024 keys");
      header_.metadata.emplace_back(text, "");
    } else {
      const auto* name = std::find(field_names.begin(), field_names.end(), text);
      if (name == field_names.end())
        return fail("its tensor " + shown(tensor().name) + " has an unknown field " + shown(text));
      field_ = static_cast<Field>(name - field_names.begin());
      const unsigned bit = 1U << static_cast<unsigned>(field_);
      if ((seen_ & bit) != 0) return fail(whole() + " is there twice");
      seen_ |= bit;
    }
    return true;
  }

  bool end_object() {
    if (place_ == Place::tensor)
      for (unsigned f = 0; f < field_names.size(); ++f)
        if ((seen_ >> f & 1) == 0)
          return fail("its tensor " + shown(tensor().name) + " has no " + std::string(field_names[f]));
    place_ = Place::root;
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ != Place::tensor || field_ == Field::dtype) return refuse("a list");
    place_ = Place::list;
    list_.clear();
    return true;
  }

  bool end_array() {
    place_ = Place::tensor;
    if (field_ == Field::shape) {
      tensor().shape = list_;
      return true;
    }
    if (list_.size() != 2) return fail(whole() + " has " + std::to_string(list_.size()) + " numbers instead of 2");
    tensor().begin = list_[0];
    tensor().end = list_[1];
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception& error) {
    if (error.id == 406) return refuse("a number that is too large");
    const bool utf8 = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
    return fail(std::string("its header is not valid ") + (utf8 ? "UTF-8" : "JSON") + " (byte " + std::to_string(at) +
                ")");
  }

  static constexpr std::size_t max_dimensions = 64, max_metadata = 1024;

 private:
  enum class Place : std::uint8_t { file, root, metadata, tensor, list };
  enum class Field : std::uint8_t { dtype, shape, data_offsets };
  static constexpr std::array<std::string_view, 3> field_names{"dtype", "shape", "data_offsets"};

  TensorInfo& tensor() { return header_.tensors.back(); }
  std::string whole() {
    return "the " + std::string(field_names[static_cast<std::size_t>(field_)]) + " of its tensor " +
           shown(tensor().name);
  }

  bool fail(std::string reason) {
    header_.error = std::move(reason);
    return false;
  }
  /// This is not what belongs here.
  bool refuse(const std::string& what) {
    if (place_ == Place::file) return fail("its header is " + what + ", not an object");
    if (place_ == Place::root && in_metadata_) return fail("its metadata is " + what + ", not an object");
    if (place_ == Place::root) return fail("its tensor " + shown(tensor().name) + " is " + what + ", not an object");
    if (place_ == Place::metadata)
      return fail("its metadata " + shown(header_.metadata.back().first) + " is " + what + ", not a text");
    if (place_ == Place::list) return fail(whole() + " holds " + what + ", not a plain whole number below 2^64");
    return fail(whole() + " is " + what + (field_ == Field::dtype ? ", not a text" : ", not a list of whole numbers"));
  }

  SafetensorsHeader& header_;
  Place place_ = Place::file;
  Field field_ = Field::dtype;
  bool in_metadata_ = false;
  bool had_metadata_ = false;
  unsigned seen_ = 0;  ///< fields of this tensor, a bit each
  std::vector<std::uint64_t> list_;
};

/// The first text that two elements have in common; null where there is none.
template <class Element, class TextOf>
const std::string* duplicate(const std::vector<Element>& elements, const TextOf& text_of) {
  std::vector<const std::string*> texts;
  texts.reserve(elements.size());
  for (const Element& element : elements) texts.push_back(&text_of(element));
  std::sort(texts.begin(), texts.end(), [](const auto* a, const auto* b) { return *a < *b; });
  const auto at = std::adjacent_find(texts.begin(), texts.end(), [](const auto* a, const auto* b) { return *a == *b; });
  return at == texts.end() ? nullptr : *at;
}

/// What is wrong with the places of a header's tensors, which must fill `size` bytes of data; empty where nothing is.
/// Puts them in the order of their data.
inline std::string layout_damage(std::vector<TensorInfo>& tensors, std::uint64_t size) {
  const auto bytes = [](std::uint64_t n) { return std::to_string(n) + (n == 1 ? " byte" : " bytes"); };
  for (const TensorInfo& tensor : tensors) {
    const std::string_view type = dtype_name(tensor.type);
    std::uint64_t count = 1;
    const auto times = [&](std::uint64_t n) {  // false where the product is over 64 bits
      if (n != 0 && count > UINT64_MAX / n) return false;
      count *= n;
      return true;
    };
    if (!std::all_of(tensor.shape.begin(), tensor.shape.end(), times) || !times(dtype_bytes(tensor.type)))
      return "the shape of its tensor " + shown(tensor.name) + " is too large: it takes over 2^64 bytes";
    if (tensor.begin > tensor.end) return "its tensor " + shown(tensor.name) + " ends before it begins";
    if (tensor.end > size)
      return "its tensor " + shown(tensor.name) + " ends at byte " + std::to_string(tensor.end) +
             " of the data, of which there are " + std::to_string(size) + ": the file is cut off or damaged";
    if (tensor.end - tensor.begin != count)
      return "its tensor " + shown(tensor.name) + " has " + bytes(tensor.end - tensor.begin) +
             " of data, but its shape of " + std::string(type) + " takes " + std::to_string(count);
  }
  std::sort(tensors.begin(), tensors.end(), [](const TensorInfo& a, const TensorInfo& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.begin < at) return "its tensor " + shown(tensor.name) + " overlaps another";
    if (tensor.begin > at)
      return "there is a gap of " + bytes(tensor.begin - at) + " before its tensor " + shown(tensor.name);
    at = tensor.end;
  }
  return at == size ? "" : bytes(size - at) + " of data belong to none of its tensors";
}

/// The longest stretch of a header without a text: numbers, lists and blanks.
inline std::size_t longest_without_text(std::string_view header) {
  std::size_t longest = 0, run = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (in_text && header[i] == '\\') {
      ++i;
    } else if (header[i] == '"') {
      in_text = !in_text;
      run = 0;
    } else if (!in_text) {
      longest = (std::max)(longest, ++run);
    }
  }
  return longest;
}

/// Reads a header, given without the blanks at its end, of a file with `size` bytes of data. Everything is checked.
inline SafetensorsHeader parse_safetensors_header(std::string_view text, std::uint64_t size) {
  constexpr std::size_t shortest = std::string_view(R"("":{"dtype":"U8","shape":[],"data_offsets":[0,0]},)").size();
  SafetensorsHeader header;
  // The parser would pass over a byte order mark, and take a zero byte for the end.
  if (!text.starts_with('{') || !text.ends_with('}') || text.find('\0') != text.npos) {
    header.error = "its header is not a JSON object";
    return header;
  }
  // The parser keeps such a stretch, and quotes it several times over in its errors.
  if (longest_without_text(text) > 4096) {
    header.error = "its header has more than 4096 characters in a row that are no text: deep lists, numbers or blanks";
    return header;
  }
  header.tensors.reserve(text.size() / shortest);  // as many as there can be: no growth
  SafetensorsEvents events(header);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &events)) return header;
  if (const auto* key = duplicate(
          header.metadata, [](const auto& entry) -> auto& { return entry.first; }))
    header.error = "its metadata has the key " + shown(*key) + " twice";
  else if (const auto* name = duplicate(
               header.tensors, [](const auto& tensor) -> auto& { return tensor.name; }))
    header.error = "it has two tensors " + shown(*name);
  else
    header.error = layout_damage(header.tensors, size);
  return header;
}

}  // namespace eigencoder::detail
