#pragma once

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "headers/tokens.hpp"

/// What is wrong with a header, and in which line.
struct Violation {
  int line = 0;
  std::string text;
};

/// The order of rooms.txt: which header may include which. Headers are named by their paths below include/eigencoder,
/// without the ending.
class Rooms {
 public:
  explicit Rooms(const std::string& listing) {
    std::istringstream lines(listing);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line.substr(0, line.find('#')));
      if (std::string room; words >> room) rooms_.push_back(room);
    }
  }

  /// The header's own line, or else that of its folder; empty where neither is listed.
  std::string room_of(const std::string& header) const {
    if (is_listed(header)) return header;
    const std::size_t slash = header.rfind('/');
    const std::string folder = header.substr(0, slash == std::string::npos ? 0 : slash);
    return is_listed(folder) ? folder : "";
  }

  /// The includes of a header that its room forbids.
  std::vector<Violation> violations(const std::string& header, std::string_view source) const {
    static const std::regex ours(R"re(^\s*#\s*include\s*(?:<eigencoder/(.*)\.hpp>|").*)re");
    const std::string room = room_of(header);
    if (room.empty()) return {{1, "is in no room"}};
    std::vector<Violation> found;
    std::istringstream lines(without_comments(source));
    int number = 1;
    for (std::string line; std::getline(lines, line); ++number) {
      std::smatch match;
      if (!std::regex_match(line, match, ours)) continue;
      const std::string included = match[1];
      const std::string other = room_of(included);
      if (included.empty()) {
        found.push_back({number, "includes a header in quotes"});
      } else if (other.empty()) {
        found.push_back({number, "includes " + included + ", which is in no room"});
      } else if (other != room && position(other) > position(room)) {
        found.push_back({number, "includes " + included + ", but " + other + " is below " + room});
      }
    }
    return found;
  }

  /// The rooms of which no header is one.
  std::vector<std::string> empty_rooms(const std::vector<std::string>& headers) const {
    std::set<std::string> full;
    for (const std::string& header : headers) full.insert(room_of(header));
    std::vector<std::string> empty;
    std::copy_if(rooms_.begin(), rooms_.end(), std::back_inserter(empty),
                 [&full](const std::string& room) { return !full.contains(room); });
    return empty;
  }

 private:
  bool is_listed(const std::string& room) const { return position(room) < rooms_.end() - rooms_.begin(); }
  std::ptrdiff_t position(const std::string& room) const {
    return std::find(rooms_.begin(), rooms_.end(), room) - rooms_.begin();
  }

  std::vector<std::string> rooms_;
};
