#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "headers/tokens.hpp"

/// Reads a header as its users see it: `visible` keeps the tokens of signatures, types, aliases, public members, bases,
/// constraints, default arguments and initializers. It leaves out bodies of functions and lambdas, initializers of
/// constructors, private and protected members and bases, friends, static assertions, and using-declarations of a
/// class. This is no parser of C++: it knows what the library's headers use of the language.
class PublicSurface {
 public:
  explicit PublicSurface(std::string_view source) : tokens_(tokens_of(source)) {
    scope("");
    if (index_ < tokens_.size()) unbalanced_line = tokens_[index_].line;
  }

  std::vector<Token> visible;
  int unbalanced_line = 0;  // of a closing brace that nothing opened; 0 where there is none

 private:
  /// What a declaration has shown of itself so far.
  struct Declaration {
    bool is_class = false;
    bool has_braces = false;       // of an enumeration: they are no body
    bool has_parameters = false;
    bool has_initializer = false;  // after =
    int angles = 0;
  };

  const std::string& text(std::size_t offset = 0) const {
    static const std::string end;
    return index_ + offset < tokens_.size() ? tokens_[index_ + offset].text : end;
  }
  const std::string& previous() const {
    static const std::string start;
    return index_ > 0 ? tokens_[index_ - 1].text : start;
  }
  bool at_end() const { return index_ >= tokens_.size(); }
  bool is(std::string_view expected) const { return !at_end() && text() == expected; }
  void show() {
    if (hidden_ == 0) visible.push_back(tokens_[index_]);
    ++index_;
  }
  /// Does `read` without showing what it reads.
  template <class Read>
  void hide(Read read) {
    ++hidden_;
    read();
    --hidden_;
  }

  static bool opens(const std::string& token) { return token == "(" || token == "[" || token == "{"; }
  static bool closes(const std::string& token) { return token == ")" || token == "]" || token == "}"; }
  static bool is_word(const std::string& token) {
    return !token.empty() && (std::isalnum(static_cast<unsigned char>(token[0])) || token[0] == '_');
  }

  /// A bracket, what it holds and its end. Of a lambda's text the parameters and the return type are shown.
  void group() {
    show();
    while (!at_end() && !closes(text())) expression();
    if (!at_end()) show();
  }
  void skip_group() { hide([this] { group(); }); }

  /// One token of an expression, or a group or a lambda.
  void expression() {
    const std::string& before = previous();
    const bool is_subscript = is_word(before) || before == ")" || before == "]" || before == ">";
    if (is("[") && text(1) != "[" && !is_subscript) {
      skip_group();
      while (!at_end() && !is("{") && !is(";") && !closes(text())) opens(text()) ? group() : show();
      if (is("{")) skip_group();
    } else if (opens(text())) {
      group();
    } else {
      show();
    }
  }

  /// <...>
  void angle_brackets() {
    int depth = 0;
    do {
      if (is("<")) ++depth;
      if (is(">")) --depth;
      opens(text()) ? group() : show();
    } while (depth > 0 && !at_end());
  }

  /// The declarations of a file, a namespace or, given the access of its first members, a class, to the closing brace.
  void scope(std::string access) {
    const bool in_class = !access.empty();
    while (!at_end() && !is("}")) {
      if (in_class && (is("public") || is("protected") || is("private")) && text(1) == ":") {
        access = text();
        index_ += 2;
      } else if (in_class && access != "public") {
        hide([this] { declaration(true); });
      } else {
        declaration(in_class);
      }
    }
  }

  void declaration(bool in_class) {
    const std::size_t visible_before = visible.size();
    while (is("template") || is("_Pragma")) {
      show();
      if (is("<")) angle_brackets();
      if (is("(")) group();  // of _Pragma
    }
    if (is("friend") || is("static_assert")) {
      visible.resize(visible_before);
      hide([this] { rest_of_declaration(); });
    } else if (is("using") && in_class && text(2) != "=") {
      hide([this] { rest_of_declaration(); });
    } else if (is("namespace") || (is("inline") && text(1) == "namespace") || (is("extern") && text(2) == "{")) {
      bool is_detail = false;
      for (; !at_end() && !is("{") && !is(";"); show()) is_detail = is_detail || is("detail");
      if (is("{") && is_detail) {  // said once; the block is not read
        skip_group();
      } else if (is("{")) {
        ++index_;
        scope("");
        if (!at_end()) ++index_;
      }
    } else {
      rest_of_declaration();
    }
  }

  /// A declaration from after its template head to its semicolon or the end of its body.
  void rest_of_declaration() {
    Declaration seen;
    std::string default_access = "public";
    while (!at_end() && !is("}")) {
      if (is(";")) return show();
      if (is("{")) {
        if (seen.is_class) {
          show();
          scope(default_access);
          seen = {.has_braces = true};
          if (!at_end()) show();
        } else if (seen.has_parameters && !seen.has_initializer && !seen.has_braces) {
          return skip_group();
        } else {
          group();
        }
      } else if (is("(")) {
        seen.has_parameters = seen.has_parameters || (seen.angles == 0 && parameters_follow());
        group();
      } else if (seen.has_initializer || is("[")) {
        expression();
      } else if (is("requires")) {
        constraint();
      } else if (is("operator")) {
        while (!at_end() && !is("(")) show();
        if (text(1) == ")" && text(2) == "(") group();  // operator()
        seen.has_parameters = true;
        group();
      } else if (is(":") && seen.is_class) {
        bases(default_access);
      } else if (is(":") && seen.has_parameters) {
        return constructor_body();
      } else {
        if (seen.angles == 0 && !seen.has_parameters && (is("class") || is("struct") || is("union"))) {
          seen.is_class = !seen.has_braces;
          default_access = is("class") ? "private" : "public";
        }
        seen.has_braces = seen.has_braces || is("enum");
        seen.has_initializer = seen.angles == 0 && is("=");
        if (is("<")) ++seen.angles;
        if (is(">")) --seen.angles;
        show();
      }
    }
  }

  /// Whether the ( here opens parameters of a function.
  bool parameters_follow() const {
    static const std::set<std::string_view> others = {"alignas", "decltype", "explicit", "noexcept", "requires",
                                                      "__attribute__"};
    return (is_word(previous()) && !others.contains(previous())) || previous() == ">";
  }

  /// The start of a requires-clause, or all of a requires-expression, whose braces are no body.
  void constraint() {
    static const std::set<std::string_view> before_expressions = {"requires", "&", "|", "!", "(", "="};
    const bool is_expression = before_expressions.contains(previous());
    show();
    if (is("(")) group();
    if (is("{") && is_expression) group();
  }

  /// The base classes after the : of a class.
  void bases(const std::string& default_access) {
    show();
    while (!at_end() && !is("{")) {
      const std::size_t visible_before = visible.size();
      bool is_public = default_access == "public";
      int angles = 0;
      for (; !at_end() && !is("{") && !(is(",") && angles == 0); opens(text()) ? group() : show()) {
        if (is("public")) is_public = true;
        if (is("private") || is("protected")) is_public = false;
        if (is("<")) ++angles;
        if (is(">")) --angles;
      }
      if (!is_public) visible.resize(visible_before);
      if (is(",")) show();
    }
  }

  /// The initializers after the : of a constructor, and its body.
  void constructor_body() {
    hide([this] {
      show();
      while (!at_end()) {
        const bool is_body = is("{") && (previous() == ")" || previous() == "}" || previous() == ".");
        opens(text()) ? group() : show();
        if (is_body) return;
      }
    });
  }

  std::vector<Token> tokens_;
  std::size_t index_ = 0;
  int hidden_ = 0;
};
