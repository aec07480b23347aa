#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>

namespace examples {

/// A JSON object that is written field by field. Texts are UTF-8; what is no finite number is null.
class JsonObject {
 public:
  void text(const std::string& name, const std::string& value);
  /// As the shortest decimal that reads back as the same number.
  void number(const std::string& name, const std::optional<double>& value);
  void whole(const std::string& name, const std::optional<eigencoder::Index>& value);
  void natural(const std::string& name, std::uint64_t value);
  void truth(const std::string& name, bool value);
  void object(const std::string& name, const JsonObject& value);

  /// The object as a file.
  std::string document() const;

 private:
  void field(const std::string& name, const std::string& value);
  std::string braced() const;

  std::string fields_;  // one a line, each with a line end before it
};

}  // namespace examples
