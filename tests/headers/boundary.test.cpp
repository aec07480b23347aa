// The library's headers include only rooms below theirs, and the public ones show nothing internal. The examples and
// the README use nothing internal.
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "headers/public_surface.hpp"
#include "headers/rooms.hpp"

namespace {

const std::filesystem::path root = EIGENCODER_ROOT;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The library's headers, as `Rooms` names them, and their sources.
std::map<std::string, std::string> headers() {
  std::map<std::string, std::string> sources;
  const std::filesystem::path folder = root / "include/eigencoder";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".hpp")
      sources[entry.path().lexically_relative(folder).replace_extension().generic_string()] = text_of(entry.path());
  return sources;
}

/// The lines whose visible part names the namespace `detail`.
std::vector<Violation> internals_shown(std::string_view source) {
  std::vector<Violation> found;
  const PublicSurface surface(source);
  const std::vector<Token>& tokens = surface.visible;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string before = i > 0 ? tokens[i - 1].text : "", after = i + 1 < tokens.size() ? tokens[i + 1].text : "";
    const bool is_namespace = after == "::" || before == "::" || before == "namespace";
    if (tokens[i].text == "detail" && is_namespace && (found.empty() || found.back().line != tokens[i].line))
      found.push_back({tokens[i].line, "names detail"});
  }
  if (surface.unbalanced_line > 0) found.push_back({surface.unbalanced_line, "closes a brace that nothing opened"});
  return found;
}

/// The lines that name the library's namespace `detail` or include a header below `detail/`. Other libraries' `detail`
/// must be qualified by their namespace.
std::vector<Violation> internals_used(std::string_view source) {
  std::vector<Violation> found;
  const std::vector<Token> tokens = tokens_of(source);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].text != "detail") continue;
    const bool is_namespace = tokens[i + 1].text == "::" || (i > 0 && tokens[i - 1].text == "::");
    const bool is_foreign = i > 1 && tokens[i - 1].text == "::" && tokens[i - 2].text != "eigencoder";
    if (is_namespace && !is_foreign) found.push_back({tokens[i].line, "uses detail"});
  }
  std::istringstream lines{std::string(source)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number)
    if (line.find("<eigencoder/detail/") != std::string::npos) found.push_back({number, "includes detail"});
  return found;
}

/// The README's lines outside of its C++ blocks are blank, so that the others keep their numbers.
std::string code_blocks(const std::string& readme) {
  std::istringstream lines(readme);
  std::string code, line;
  for (bool inside = false; std::getline(lines, line); code += '\n') {
    if (line.starts_with("```"))
      inside = !inside && (line == "```cpp" || line == "```c++");
    else if (inside)
      code += line;
  }
  return code;
}

/// A header's path below the library's folder.
std::string path_of(const std::string& header) { return "include/eigencoder/" + header + ".hpp"; }

/// <file>:<line>: <what is wrong>: <the line's text>
void print(const std::string& file, const std::string& source, const Violation& violation) {
  std::istringstream lines(source);
  std::string line;
  for (int i = 0; i < violation.line; ++i) std::getline(lines, line);
  std::cerr << file << ':' << violation.line << ": " << violation.text << ": "
            << line.substr(std::min(line.find_first_not_of(' '), line.size())) << '\n';
}

}  // namespace

// The first three read the library's files; the others test the three on small sources.
TEST_CASE("headers include only rooms below theirs", "[library]") {
  const Rooms rooms(text_of(root / "tests/headers/rooms.txt"));
  std::vector<std::string> names;
  for (const auto& [header, source] : headers()) {
    names.push_back(header);
    const std::vector<Violation> found = rooms.violations(header, source);
    for (const Violation& violation : found) print(path_of(header), source, violation);
    CHECK(found.empty());
  }
  CHECK(names.size() > 100);
  CHECK(rooms.empty_rooms(names) == std::vector<std::string>{});
}

TEST_CASE("public headers show nothing internal", "[library]") {
  for (const auto& [header, source] : headers()) {
    if (header.starts_with("detail/")) continue;
    const std::vector<Violation> found = internals_shown(source);
    for (const Violation& violation : found) print(path_of(header), source, violation);
    CHECK(found.empty());
  }
}

TEST_CASE("the examples and the README use nothing internal", "[library]") {
  std::map<std::string, std::string> sources{{"README.md", code_blocks(text_of(root / "README.md"))}};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "examples"))
    if (entry.path().extension() == ".hpp" || entry.path().extension() == ".cpp")
      sources[entry.path().lexically_relative(root).generic_string()] = text_of(entry.path());
  CHECK(sources.size() > 10);
  for (const auto& [file, source] : sources) {
    const std::vector<Violation> found = internals_used(source);
    for (const Violation& violation : found) print(file, source, violation);
    CHECK(found.empty());
  }
}

TEST_CASE("a header's room is its line, or its folder's") {
  const Rooms rooms("# a comment\nlow\nhigh/first  # a header\nhigh\n\ntop\n");
  CHECK(rooms.room_of("low/x") == "low");
  CHECK(rooms.room_of("high/first") == "high/first");
  CHECK(rooms.room_of("high/second") == "high");
  CHECK(rooms.room_of("top") == "top");
  CHECK(rooms.room_of("high") == "high");
  CHECK(rooms.room_of("x").empty());
  CHECK(rooms.room_of("other/x").empty());
  CHECK(rooms.empty_rooms({"low/x", "high/first", "top"}) == std::vector<std::string>{"high"});
}

TEST_CASE("a header includes only headers above its own line, or in its own room") {
  const Rooms rooms("low\nhigh/first\nhigh\n");
  const auto lines = [&rooms](const std::string& header, std::string_view source) {
    std::vector<int> found;
    for (const Violation& violation : rooms.violations(header, source)) found.push_back(violation.line);
    return found;
  };
  CHECK(lines("high/x", "#include <vector>\n#include <eigencoder/low/x.hpp>\n").empty());
  CHECK(lines("high/x", "#include <eigencoder/high/y.hpp>\n").empty());
  CHECK(lines("high/x", "#include <eigencoder/high/first.hpp>\n").empty());
  CHECK(lines("high/first", "#pragma once\n#include <eigencoder/high/x.hpp>\n") == std::vector{2});
  CHECK(lines("low/x", "\n\n # include <eigencoder/high/x.hpp>  // why\n") == std::vector{3});
  CHECK(lines("low/x", "// #include <eigencoder/high/x.hpp>\n/*\n#include <eigencoder/high/x.hpp>\n*/\n").empty());
  CHECK(lines("low/x", "#include \"y.hpp\"\n") == std::vector{1});
  CHECK(lines("low/x", "#include <eigencoder/x.hpp>\n") == std::vector{1});
  CHECK(lines("x", "") == std::vector{1});
}

TEST_CASE("bodies, private members, friends, static assertions and comments show nothing") {
  const char* const source = GENERATE(
      "// detail::X\n/* detail::X */ int x;",
      "const char* x = \"a \\\" detail::X\"; int y = 1'000; char z = '\"';",
      "auto x = R\"(a \" detail::X)\";",
      "#include <eigencoder/detail/x.hpp>\n#define X \\\n  detail::x\nint y;",
      "int details; int detail_x; my::detailed x; Text detail() const; int y = x.detail().size();",
      "inline void f(int x) { detail::g(x); }",
      "template <class T> requires A<T> && (sizeof(T) > 4) auto f(T x) -> decltype(x) { return detail::g<T>(x); }",
      "template <class T> void f(T x) requires(sizeof(T) > 4) { detail::g(x); }",
      "template <class T> void f(T x) requires requires { x.y(); } { detail::g(x); }",
      "bool operator==(X, X) { return detail::x; }",
      "struct X { bool operator()(int) const { return detail::x; } };",
      "struct X { explicit operator bool() const { return detail::x; } };",
      "struct X { X(int a) : a_(detail::x(a)), b_{detail::y<int>(a)} { detail::z(); } X() = default; int a; };",
      "struct X : Y<int> { template <class... T> explicit X(T... t) noexcept : Y<int>{t}... { detail::z(); } };",
      "class X { detail::Y y; void f(detail::Y) {} struct Z { detail::Y y; }; public: int x; };",
      "struct X { int x; private: detail::Y y_; };",
      "struct X { protected: detail::Y y_; };",
      "class X : detail::Y<int, 3>, private detail::Z, public Base {};",
      "struct X : private detail::Y { using detail::Y::member; };",
      "struct X { friend class detail::Y; template <class T> friend bool f(detail::Y<T>) { return true; } int x; };",
      "static_assert(detail::x<int>, \"\"); struct X { static_assert(detail::y); };",
      "inline constexpr auto f = [](int x) { return detail::g(x); };",
      "inline constexpr int x = [] { return detail::g(); }();",
      "void f(int (*g)(int) = [](int x) { return detail::h(x); });",
      "namespace a::b { inline namespace c { void f() { detail::g(); } } }",
      "std::function<void(int)> x{}; void f() { detail::g(); }",
      "enum class A { b, c }; void f() { detail::g(); }",
      "alignas(64) inline float x[3]{1, 2}; void f() { detail::g(); }",
      "template <> struct [[nodiscard]] X<int> final { void f() & { detail::g(); } };",
      "struct { int x; } y; void f() { detail::g(); }",
      "X(int) -> X<int>; void f() { detail::g(); }");
  INFO(source);
  CHECK(internals_shown(source).empty());
}

TEST_CASE("signatures, public members, bases, constraints and initializers show what they name") {
  const char* const source = GENERATE(
      "namespace detail {\nint x; }",
      "namespace eigencoder::detail { struct X; }",
      "namespace x = eigencoder::detail;",
      "using detail::f;",
      "using X = detail::X;",
      "void f(detail::X x);",
      "detail::X f() { return {}; }",
      "auto f() -> detail::X { return {}; }",
      "void f(int x = detail::y) {}",
      "struct X { X(detail::Y y) : y_(y) {} int x; };",
      "struct X { bool operator()(detail::Y) const { return true; } };",
      "struct X { operator detail::Y() const { return {}; } };",
      "template <class T = detail::X> struct Y {};",
      "template <detail::Concept T> struct Y {};",
      "template <class T> requires detail::Concept<T> struct Y {};",
      "template <class T> requires requires(T t) { detail::g(t); } struct Y {};",
      "template <class T> void f(T t) requires detail::Concept<T> {}",
      "template <class T> void f(T t) noexcept(detail::x<T>) {}",
      "template <class T> concept X = detail::Concept<T>;",
      "template <class T> concept X = requires(T t, detail::Y y) { t.f(y); };",
      "template <class T> concept X = requires(T t) { { t.f() } -> std::same_as<detail::Y>; };",
      "struct X : detail::Y {};",
      "class X : private Z, public detail::Y<int> {};",
      "class X { int y; public: detail::Y z; };",
      "class X { public: void f() {} using Y = detail::Y; };",
      "struct X { static constexpr int y = detail::y; };",
      "struct X { int y{detail::y}; };",
      "struct X { struct Y { detail::Z z; }; };",
      "inline constexpr auto f = [](detail::X x) { return x; };",
      "enum class X { y = detail::y };",
      "X(int) -> X<detail::Y>;",
      "template <> struct hash<detail::X> {};",
      "void f() {}\n}\nvoid g();");
  INFO(source);
  CHECK(internals_shown(source).size() == 1);
}

TEST_CASE("what is shown is reported with its line") {
  const std::vector<Violation> found = internals_shown("// 1\n#define X \\\n  3\n/* 4\n5 */\nvoid f(\n  detail::X);\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 7);
}

TEST_CASE("a source may name other libraries' internals only") {
  CHECK(internals_used("// eigencoder::detail::f\nint details = CLI::detail::x(); detail(3);").empty());
  CHECK(internals_used("#include <eigencoder/model/autoencoder.hpp>\n").empty());
  const char* const source = GENERATE("void f() { eigencoder::detail::g(); }", "void f() { detail::g(); }",
                                      "using namespace eigencoder::detail;", "namespace x = eigencoder::detail;",
                                      "#include <eigencoder/detail/x.hpp>\n");
  INFO(source);
  CHECK(internals_used(source).size() == 1);
}

TEST_CASE("the README's code is that of its C++ blocks") {
  CHECK(code_blocks("a\n```cpp\nb\n```\nc\n```\nd\n```\n```c++\ne\n```\n") == "\n\nb\n\n\n\n\n\n\ne\n\n");
}
