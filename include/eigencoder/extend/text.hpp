#pragma once

#include <cstddef>
#include <string_view>

namespace eigencoder {

/// A string of bounded length that can be built at compile time, for names and messages that `static_assert` and
/// exceptions share. What exceeds the capacity is cut off.
class Text {
 public:
  static constexpr std::size_t capacity = 400;  ///< the largest number of characters

  /// An empty text.
  constexpr Text() = default;
  /// A copy of the characters.
  ///@{
  constexpr Text(std::string_view text) { append(text); }
  constexpr Text(const char* text) { append(text); }
  ///@}

  /// Appends characters.
  constexpr Text& append(std::string_view text) {
    for (const char c : text) {
      if (size_ == capacity) break;
      characters_[size_++] = c;
    }
    return *this;
  }

  /// Appends a number's decimal digits.
  constexpr Text& append(long long number) {
    char digits[24] = {};
    std::size_t n = 0;
    unsigned long long rest = number < 0 ? 0ULL - static_cast<unsigned long long>(number)
                                         : static_cast<unsigned long long>(number);
    do digits[n++] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0) append("-");
    while (n > 0) append(std::string_view(&digits[--n], 1));
    return *this;
  }

  /// The parts one after the other, strings and numbers.
  template <class... Parts>
  static constexpr Text of(const Parts&... parts) {
    Text text;
    (text.append(parts), ...);
    return text;
  }

  /// Appends characters.
  ///@{
  constexpr Text& append(const char* text) { return append(std::string_view(text)); }
  constexpr Text& append(const Text& other) { return append(other.view()); }
  ///@}
  /// The characters.
  constexpr std::string_view view() const { return {characters_, size_}; }
  /// Whether there are none.
  constexpr bool empty() const { return size_ == 0; }

 private:
  char characters_[capacity] = {};
  std::size_t size_ = 0;
};

}  // namespace eigencoder
