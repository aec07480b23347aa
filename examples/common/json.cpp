#include "json.hpp"

#include <charconv>
#include <cmath>
#include "formatted.hpp"

namespace examples {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
    else
      out += formatted("\\u%04x", c);
  }
  return out += '"';
}

}  // namespace

void JsonObject::field(const std::string& name, const std::string& value) {
  fields_ += (fields_.empty() ? "\n  " : ",\n  ") + quoted(name) + ": " + value;
}

void JsonObject::text(const std::string& name, const std::string& value) { field(name, quoted(value)); }

void JsonObject::number(const std::string& name, const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return field(name, "null");
  char digits[32];
  field(name, {digits, std::to_chars(digits, digits + sizeof digits, *value).ptr});
}

void JsonObject::whole(const std::string& name, const std::optional<eigencoder::Index>& value) {
  field(name, value ? std::to_string(*value) : "null");
}

void JsonObject::natural(const std::string& name, std::uint64_t value) { field(name, std::to_string(value)); }

void JsonObject::truth(const std::string& name, bool value) { field(name, value ? "true" : "false"); }

void JsonObject::object(const std::string& name, const JsonObject& value) {
  std::string inner;
  for (const char c : value.braced()) inner += c == '\n' ? std::string("\n  ") : std::string(1, c);
  field(name, inner);
}

std::string JsonObject::braced() const { return "{" + fields_ + "\n}"; }

std::string JsonObject::document() const { return braced() + "\n"; }

}  // namespace examples
