#pragma once

#include <cstdint>
#include <eigencoder/detail/export/model_header.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <string>

/// @file
/// Exports a trained model as one C++ header, for programs without a file system, a heap or exceptions.
namespace eigencoder {

/// Options of `export_header`.
struct ExportOptions {
  std::string name = "model";  ///< the header's namespace: an identifier, or several, as in `robot::eye`
};

/// Writes a trained model as a C++17 header. It holds the parameters bit for bit and, for one sample, the functions
/// `encode`, `decode` (unless the decoder reads the encoder) and `reconstruct`. They do not allocate or throw, and
/// compute what the model computes up to rounding. A comment in the header says how to use it.
///
///     export_header(model, "sprites.hpp", {.name = "sprites"});
///
/// Every layer, loss and bottleneck of the library can be exported; a model with one of a user's own does not compile.
/// Sizes may be template arguments or values.
/// @throws OptionError for a name that is no C++ identifier
/// @throws DataError if a parameter is not finite
/// @throws FileError if the file cannot be written
template <class E, class D, class L, class... P>
void export_header(const Autoencoder<E, D, L, P...>& model, const std::string& path,
                   const ExportOptions& options = {}) {
  detail::require_namespace(options.name);
  if constexpr (Autoencoder<E, D, L, P...>::legal) {
    const std::string text = detail::model_header(model, options.name).text();
    detail::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
}

}  // namespace eigencoder
