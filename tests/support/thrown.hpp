#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

// The message of the E, or of a class derived from it, that `run` throws; "" if nothing is thrown. Other exceptions
// pass through.
template <class E, class Run>
std::string thrown(const Run& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

// Whether the message contains all of the words.
inline bool says(const std::string& message, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (message.find(word) == std::string::npos) return false;
  return !message.empty();
}
