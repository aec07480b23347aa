#pragma once

#include <charconv>
#include <cmath>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/stack/stack_layout.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/types.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

/// @file
/// How a layer is exported: an exporter writes the layer's arrays and returns the call that computes its output.
namespace eigencoder::detail {

/// One layer of an exported header: a call `kernel(arguments, [source,] x, y)`.
struct LayerCall {
  /// What it reads besides its input: nothing, an earlier layer's output, or the maxima that an earlier pooling found.
  enum class Reads { nothing, output, taps };

  std::string kernel;            ///< empty for a layer that does nothing
  std::string arguments;         ///< "64, 32, weight_0, bias_0"
  bool in_place = false;         ///< y may be x
  Reads reads = Reads::nothing;
  Index source = 0;              ///< the earlier layer; -1 for the model's input
  bool has_taps = false;         ///< takes memory for the maxima's positions, or null, in place of a source
  std::string name = {};         ///< the layer's
  Index size = 0;                ///< number of output values
};

/// "64, 32"
inline std::string comma_separated(std::initializer_list<Word> words) {
  std::string list;
  for (const Word& word : words) list += (list.empty() ? "" : ", ") + word.text;
  return list;
}

/// Writes the arrays of an exported header, and numbers in its scalar.
class ArrayWriter {
 public:
  explicit ArrayWriter(bool is_float) : is_float_(is_float) {}

  const char* scalar() const { return is_float_ ? "float" : "double"; }
  /// The definitions of all arrays so far.
  const std::string& text() const { return text_; }

  /// A hexadecimal literal of the same bits. @throws DataError for a number that is not finite, naming its `owner`
  std::string number(double value, const std::string& owner = "a hyperparameter") const {
    std::string literal;
    append(literal, value, owner);
    return literal;
  }

  /// Defines an array of the values `value(i)`. @returns its name
  /// @throws DataError for a value that is not finite
  template <class Value>
  std::string array(std::string name, Index count, const Value& value) {
    begin_array("Scalar", name, count);
    std::size_t line = text_.size();
    for (Index i = 0; i < count; ++i) {
      append(text_, static_cast<double>(value(i)), name);
      if (i + 1 == count) {
        text_ += "};\n";
      } else if (text_.size() - line < 96) {
        text_ += ", ";
      } else {
        text_ += ",\n    ";
        line = text_.size();
      }
    }
    return name;
  }

  /// Defines an array of a type, with element i spelled by `element(i)`. @returns its name
  template <class Element>
  std::string array_of(std::string_view type, std::string name, Index count, const Element& element) {
    begin_array(type, name, count);
    for (Index i = 0; i < count; ++i) text_ += element(i) + (i + 1 == count ? "};\n" : i % 4 == 3 ? ",\n    " : ", ");
    return name;
  }

 private:
  void begin_array(std::string_view type, const std::string& name, Index count) {
    text_.append("\ninline constexpr ").append(type) += " " + name + "[" + std::to_string(count) + "] = {\n    ";
  }

  /// `owner`: what holds the value, for the error.
  void append(std::string& text, double value, const std::string& owner) const {
    if (!std::isfinite(value))
      throw DataError(message({"export_header: ", owner, " holds a value that is not finite"}));
    if (std::signbit(value)) text += '-';
    text += "0x";
    char digits[40];
    const double magnitude = (std::abs)(value);
    constexpr auto hexadecimal = std::chars_format::hex;
    const auto end = is_float_
                         ? std::to_chars(digits, digits + sizeof digits, static_cast<float>(magnitude), hexadecimal)
                         : std::to_chars(digits, digits + sizeof digits, magnitude, hexadecimal);
    text.append(digits, end.ptr);
    if (is_float_) text += 'f';
  }

  bool is_float_;
  std::string text_;
};

/// A layer of the model for its exporter: its shape and parameters, and the writer of its arrays.
template <class Scalar>
struct LayerData {
  ArrayWriter& arrays;
  const ParameterLayout& layout;
  const Scalar* parameters;
  const Scalar* statistics;
  const LayerInfo& info;
  Index position;

  Index size() const { return info.out.values(); }
  Index channels() const { return info.out.channels; }
  std::string number(double value) const { return arrays.number(static_cast<double>(static_cast<Scalar>(value))); }

  const Scalar* block(Index index) const { return parameters + layout.block(index).offset; }
  /// The layer's k-th block of parameters, and of statistics, as it declared them.
  const Scalar* parameter(Index k) const { return block(info.first_block + k); }
  const Scalar* statistic(Index k) const {
    return statistics + layout.statistics_block(info.first_statistics + k).offset;
  }

  /// Defines an array of this layer, "bias_3". @returns its name
  template <class Value>
  std::string array(const char* name, Index count, const Value& value) const {
    return arrays.array(numbered(name), count, value);
  }
  /// The name with the layer's position: "bias_3".
  std::string numbered(const char* name) const { return name + ("_" + std::to_string(position)); }
};

/// Exports layers of type L: `static LayerCall call(layer, data)`; for a layer that reads an earlier one,
/// `call(layer, data, source, source_info)`. Layers without a specialization cannot be exported.
template <class L>
struct LayerExporter;

template <class L>
concept ExportableLayer = requires { sizeof(LayerExporter<L>); };

}  // namespace eigencoder::detail
