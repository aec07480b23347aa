#pragma once

#include <charconv>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder::detail {

/// One layer of a written header: a call `kernel(arguments, [source,] x, y)`.
struct Step {
  enum class Reads { nothing, output, taps };

  std::string kernel;             ///< empty where there is nothing to do
  std::string arguments;          ///< "64, 32, weight_0, bias_0"
  bool in_place = false;          ///< y may be x
  Reads reads = Reads::nothing;   ///< of the source, an earlier layer
  Index source = 0;               ///< -1 is the model's input
  bool has_taps = false;          ///< takes room for its taps, or null, as `source`
  std::string name = {};          ///< of the layer
  Index size = 0;                 ///< values that leave
};

/// The numbers of a written header: its arrays, and how a scalar is spelled.
class Sheet {
 public:
  explicit Sheet(bool is_single) : is_single_(is_single) {}

  const char* scalar() const { return is_single_ ? "float" : "double"; }
  const std::string& arrays() const { return arrays_; }

  /// A hexadecimal literal that gives back every bit. @throws DataError for a number that is not finite
  std::string number(double value) const {
    std::string text;
    append(text, value, "a hyperparameter");
    return text;
  }

  /// Writes `count` values under a name, and returns it: `at(i)` is value i. @throws DataError
  template <class At>
  std::string array(std::string name, Index count, const At& at) {
    open("Scalar", name, count);
    std::size_t line = arrays_.size();
    for (Index i = 0; i < count; ++i) {
      append(arrays_, static_cast<double>(at(i)), name);
      if (i + 1 == count) {
        arrays_ += "};\n";
      } else if (arrays_.size() - line < 96) {
        arrays_ += ", ";
      } else {
        arrays_ += ",\n    ";
        line = arrays_.size();
      }
    }
    return name;
  }

  /// The same for `count` values of the type `type`, spelled by `at(i)`.
  template <class At>
  std::string table(std::string_view type, std::string name, Index count, const At& at) {
    open(type, name, count);
    for (Index i = 0; i < count; ++i)
      arrays_ += at(i) + (i + 1 == count ? "};\n" : i % 4 == 3 ? ",\n    " : ", ");
    return name;
  }

 private:
  void open(std::string_view type, const std::string& name, Index count) {
    arrays_.append("\ninline constexpr ").append(type) += " " + name + "[" + std::to_string(count) + "] = {\n    ";
  }

  void append(std::string& text, double value, const std::string& of) const {
    if (!std::isfinite(value)) throw DataError(message({"export_header: ", of, " holds a value that is not finite"}));
    if (std::signbit(value)) text += '-';
    text += "0x";
    char digits[40];
    const double size = (std::abs)(value);
    constexpr auto hexadecimal = std::chars_format::hex;
    const auto end =
        is_single_ ? std::to_chars(digits, digits + sizeof digits, static_cast<float>(size), hexadecimal)
                   : std::to_chars(digits, digits + sizeof digits, size, hexadecimal);
    text.append(digits, end.ptr);
    if (is_single_) text += 'f';
  }

  bool is_single_;
  std::string arrays_;
};

}  // namespace eigencoder::detail
