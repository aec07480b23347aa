#pragma once

#include <eigencoder/detail/export/activation_exporters.hpp>
#include <eigencoder/detail/export/end_exporters.hpp>
#include <eigencoder/detail/export/header_writer.hpp>
#include <eigencoder/detail/export/identifier.hpp>
#include <eigencoder/detail/export/skip_exporters.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/model/autoencoder.hpp>

/// @file
/// A trained model as one C++ header, for programs without a file system, a heap or exceptions.
namespace eigencoder {

struct ExportOptions {
  std::string name = "model";  ///< the namespace of all that the header has: an identifier, or several, `robot::eye`
};

namespace detail {

template <class L>
constexpr void require_exported() {
  static_assert(Exported<L>, "eigencoder: export_header knows no layers but the library's own");
}

/// Layer I and its arrays; the layer is not written where the compiler refuses it.
template <std::size_t K, class Scalar, class Stack>
Step export_layer(const Stack& stack, const Page<Scalar>& page) {
  using L = typename Stack::template LayerAt<K>;
  require_exported<L>();
  Step step;
  if constexpr (Exported<L>) {
    const L& layer = get<K>(stack.layers);
    if constexpr (!Stack::StackTraits::reads_cache[K]) {
      step = Exporter<L>::step(layer, page);
    } else {
      constexpr auto source = static_cast<std::size_t>(Stack::StackTraits::links[K]);
      if constexpr (Exported<typename Stack::template LayerAt<source>>)
        step = Exporter<L>::step(layer, page, get<source>(stack.layers), stack.layer_info[source]);
    }
    step.name = part_name(layer).view();
  }
  step.size = page.size();
  return step;
}

/// Everything about a model that its header needs. Throws `DataError` for a value that is not finite.
template <class E, class D, class L, class... P>
Document document_of(const Autoencoder<E, D, L, P...>& model, const std::string& name) {
  using Scalar = typename Autoencoder<E, D, L, P...>::Scalar;
  const auto& network = ModelAccess::network(model);
  const auto& stack = network.stack;
  using Stack = std::remove_cvref_t<decltype(stack)>;
  constexpr std::size_t encoder_depth = Stack::encoder_depth;
  Document document{name, model.summary(), Sheet(std::is_same_v<Scalar, float>), network.input.size(), encoder_depth};
  document.decodes_alone = Stack::StackTraits::first_across() == Stack::size;
  const Scalar *parameters = model.parameters().data(), *statistics = model.statistics().data();
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    const Page<Scalar> page{document.sheet, model.layout(),  parameters,
                            statistics,     stack.layer_info[K], static_cast<Index>(K)};
    document.steps.push_back(export_layer<K>(stack, page));
  });
  network.policies.each([&]<std::size_t>(const auto& policy) {
    using Policy = std::remove_cvref_t<decltype(policy)>;
    if constexpr (ChangesCode<Policy, Scalar, typename Stack::template LayerAt<encoder_depth - 1>>) {
      static_assert(ExportedBottleneck<Policy>, "eigencoder: export_header knows no bottlenecks but the library's own");
      if constexpr (ExportedBottleneck<Policy>)
        document.bottleneck = BottleneckExporter<Policy>::step(policy, stack.layer_info[encoder_depth - 1], model.layout(),
                                                               statistics, document.sheet);
      document.bottleneck.name = Policy::kind;
    }
  });
  static_assert(ExportedLoss<L>, "eigencoder: export_header knows no losses but the library's own");
  if constexpr (ExportedLoss<L>) document.mean = MeanExporter<L>::step(network.input);
  document.mean.name = Text::of("the mean of ", L::name).view();
  return document;
}

}  // namespace detail

/// Writes a trained model as a C++17 header that holds what it learned, bit for bit, and the functions `encode`,
/// `decode` (where the model has one) and `reconstruct` for one sample: they allocate and throw nothing, and give the
/// model's own results but for rounding. The header says how to use it.
///
///     export_header(model, "sprites.hpp", {.name = "sprites"});
///
/// Every layer, loss and bottleneck of the library can be written; one of a user's own does not compile. Sizes may be
/// template arguments or values. Throws `OptionError` for a name that is no identifier, `DataError` where a learned
/// value is not finite, and `FileError`.
template <class E, class D, class L, class... P>
void export_header(const Autoencoder<E, D, L, P...>& model, const std::string& path,
                   const ExportOptions& options = {}) {
  detail::require_namespace(options.name);
  if constexpr (Autoencoder<E, D, L, P...>::legal) {
    const std::string text = detail::document_of(model, options.name).text();
    detail::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
}

}  // namespace eigencoder
