#pragma once

#include <cstddef>
#include <source_location>
#include <string_view>

namespace eigencoder {

/// A string of bounded length that the compiler can build: names of layers and the sentences of
/// diagnostics are written once, for `static_assert` and for exceptions. Text beyond the capacity is cut.
class Text {
 public:
  static constexpr std::size_t capacity = 400;

  constexpr Text() = default;
  constexpr Text(std::string_view text) { append(text); }
  constexpr Text(const char* text) { append(text); }

  constexpr Text& append(std::string_view text) {
    for (const char c : text) {
      if (size_ == capacity) break;
      characters_[size_++] = c;
    }
    return *this;
  }

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

  template <class... Parts>
  static constexpr Text of(const Parts&... parts) {
    Text text;
    (text.append(parts), ...);
    return text;
  }

  constexpr Text& append(const char* text) { return append(std::string_view(text)); }
  constexpr Text& append(const Text& other) { return append(other.view()); }
  constexpr std::string_view view() const { return {characters_, size_}; }
  constexpr bool empty() const { return size_ == 0; }

 private:
  char characters_[capacity] = {};
  std::size_t size_ = 0;
};

namespace detail {

/// A type's name as the compiler writes it, without our namespace.
template <class T>
constexpr Text type_name() {
#ifdef __cpp_lib_source_location
  std::string_view rest = std::source_location::current().function_name();  // "... type_name() [with T = Adam]"
#else  // clang before 16
  std::string_view rest = __PRETTY_FUNCTION__;
#endif
  if (const auto at = rest.find("T = "); at != rest.npos) rest = rest.substr(at + 4, rest.rfind(']') - at - 4);
  constexpr std::string_view ours = "eigencoder::";
  Text name;
  for (auto at = rest.find(ours); at != rest.npos; at = rest.find(ours)) {
    name.append(rest.substr(0, at));
    rest.remove_prefix(at + ours.size());
  }
  return name.append(rest);
}

}  // namespace detail
}  // namespace eigencoder
