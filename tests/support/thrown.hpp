#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

// What `run` throws, if it is an E (or derived): its message; else "". Other exceptions pass.
template <class E, class Run>
std::string thrown(const Run& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

// Whether the message holds all of the words.
inline bool says(const std::string& message, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (message.find(word) == std::string::npos) return false;
  return !message.empty();
}
