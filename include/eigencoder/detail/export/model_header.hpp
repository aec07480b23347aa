#pragma once

#include <algorithm>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/export/header_writer.hpp>
#include <eigencoder/detail/export/linear_and_skip_exporters.hpp>
#include <eigencoder/detail/export/nonlinear_exporters.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <string>
#include <string_view>
#include <type_traits>

/// @file
/// The text of an exported header, and which namespaces it may have.
namespace eigencoder::detail {

/// Whether C++ reserves the identifier, as a keyword or otherwise, or a compiler defines it as a macro.
constexpr bool is_reserved_name(std::string_view name) {
  constexpr std::string_view names[] = {
      "alignas",      "alignof",       "and",           "and_eq",       "asm",           "auto",
      "bitand",       "bitor",         "bool",          "break",        "case",          "catch",
      "char",         "char16_t",      "char32_t",      "char8_t",      "class",         "co_await",
      "co_return",    "co_yield",      "compl",         "concept",      "const",         "const_cast",
      "consteval",    "constexpr",     "constinit",     "continue",     "decltype",      "default",
      "delete",       "do",            "double",        "dynamic_cast", "else",          "enum",
      "explicit",     "export",        "extern",        "false",        "float",         "for",
      "friend",       "goto",          "if",            "inline",       "int",           "linux",
      "long",         "main",          "mutable",       "namespace",    "new",           "noexcept",
      "not",          "not_eq",        "nullptr",       "operator",     "or",            "or_eq",
      "posix",        "private",       "protected",     "public",       "register",      "reinterpret_cast",
      "requires",     "return",        "short",         "signed",       "sizeof",        "static",
      "static_assert", "static_cast",  "std",           "struct",       "switch",        "template",
      "this",         "thread_local",  "throw",         "true",         "try",           "typedef",
      "typeid",       "typename",      "union",         "unix",         "unsigned",      "using",
      "virtual",      "void",          "volatile",      "wchar_t",      "while",         "xor",
      "xor_eq"};
  for (const std::string_view reserved : names)
    if (name == reserved) return true;
  return false;
}

/// Whether a program may use the name at namespace scope.
constexpr bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || !is_letter(name.front())) return false;  // a leading underscore is reserved
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  return name.find("__") == name.npos && !is_reserved_name(name);
}

/// @throws OptionError unless the option's `name` is that of a namespace, nested (`robot::eye`) or not
inline void require_namespace(const std::string& name, const char* option = "ExportOptions.name") {
  for (std::size_t first = 0; first <= name.size();) {
    const std::size_t end = (std::min)(name.find("::", first), name.size());
    if (!is_identifier(std::string_view(name).substr(first, end - first)))
      throw OptionError(message({option, ": '", name, "' is not a C++ identifier that a program may use"}));
    first = end + 2;
  }
}

template <class L>
constexpr void require_exportable() {
  static_assert(ExportableLayer<L>, "eigencoder: export_header supports only the library's own layers");
}

/// Exports layer K and its arrays. A layer that cannot be exported fails to compile with one error: the assertion's.
template <std::size_t K, class Scalar, class Stack>
LayerCall export_layer(const Stack& stack, const LayerData<Scalar>& data) {
  using L = typename Stack::template LayerAt<K>;
  require_exportable<L>();
  LayerCall call;
  if constexpr (ExportableLayer<L>) {
    const L& layer = get<K>(stack.layers);
    if constexpr (!Stack::StackTraits::reads_cache[K]) {
      call = LayerExporter<L>::call(layer, data);
    } else {
      constexpr auto source = static_cast<std::size_t>(Stack::StackTraits::skip_sources[K]);
      if constexpr (ExportableLayer<typename Stack::template LayerAt<source>>)
        call = LayerExporter<L>::call(layer, data, get<source>(stack.layers), stack.layer_info[source]);
    }
    call.name = part_name(layer).view();
  }
  call.size = data.size();
  return call;
}

/// The parts of a model's header. @throws DataError for a value that is not finite
template <class E, class D, class L, class... P>
HeaderWriter model_header(const Autoencoder<E, D, L, P...>& model, const std::string& name) {
  using Scalar = typename Autoencoder<E, D, L, P...>::Scalar;
  const auto& network = ModelAccess::network(model);
  const auto& stack = network.stack;
  using Stack = std::remove_cvref_t<decltype(stack)>;
  constexpr std::size_t encoder_depth = Stack::encoder_depth;
  HeaderWriter header{name, model.summary(), ArrayWriter(std::is_same_v<Scalar, float>), network.input.size(),
                      encoder_depth};
  header.decodes_alone = Stack::StackTraits::first_skip_across_code() == Stack::size;
  const Scalar *parameters = model.parameters().data(), *statistics = model.statistics().data();
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    const LayerData<Scalar> data{header.arrays, model.layout(),      parameters,
                                 statistics,    stack.layer_info[K], static_cast<Index>(K)};
    header.layers.push_back(export_layer<K>(stack, data));
  });
  static_assert(!(AllowsMissing<P> || ...), "eigencoder: export_header supports no model with MissingValues");
  network.policies.each([&]<std::size_t>(const auto& policy) {
    using Policy = std::remove_cvref_t<decltype(policy)>;
    if constexpr (ChangesCode<Policy, Scalar, typename Stack::template LayerAt<encoder_depth - 1>>) {
      static_assert(ExportableBottleneck<Policy>,
                    "eigencoder: export_header supports only the library's own bottlenecks");
      if constexpr (ExportableBottleneck<Policy>)
        header.bottleneck = BottleneckExporter<Policy>::call(policy, stack.layer_info[encoder_depth - 1],
                                                             model.layout(), statistics, header.arrays);
      header.bottleneck.name = Policy::kind;
    }
  });
  static_assert(ExportableLoss<L>, "eigencoder: export_header supports only the library's own losses");
  if constexpr (ExportableLoss<L>) header.mean = LossMeanExporter<L>::call(network.target);
  header.mean.name = Text::of("the mean of ", L::name).view();
  return header;
}

}  // namespace eigencoder::detail
