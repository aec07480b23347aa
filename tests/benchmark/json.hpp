#pragma once

#include <cmath>
#include <concepts>
#include <sstream>
#include <string>
#include <string_view>

#include "series.hpp"

namespace benchmark {

/// A JSON object, member by member. Names and texts are ours and need no escapes.
class Json {
 public:
  Json& add(const std::string& name, double value) { return put(name, number(value)); }
  Json& add(const std::string& name, std::same_as<bool> auto value) { return put(name, value ? "true" : "false"); }
  Json& add(const std::string& name, std::string_view text) { return put(name, '"' + std::string(text) + '"'); }
  Json& add(const std::string& name, const Series& series) {
    std::string text;
    for (const double value : series) text += (text.empty() ? "" : ", ") + number(value);
    return put(name, '[' + text + ']');
  }
  Json& add(const std::string& name, const Json& object) {
    std::string text = object.text();
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 3) text.insert(at + 1, "  ");
    return put(name, text);
  }

  std::string text() const { return members_.empty() ? "{}" : "{" + members_ + "\n}"; }

 private:
  Json& put(const std::string& name, const std::string& value) {
    members_ += (members_.empty() ? "\n  \"" : ",\n  \"") + name + "\": " + value;
    return *this;
  }
  static std::string number(double value) {
    if (!std::isfinite(value)) return "null";
    std::ostringstream text;
    text.precision(9);
    text << value;
    return text.str();
  }

  std::string members_;
};

}  // namespace benchmark
