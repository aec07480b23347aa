#pragma once

// For tests of sources that read files.
#include <cstddef>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/eigencoder.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/toy_models.hpp"

namespace eigencoder {

inline FitOptions<float> few_epochs() { return {.epochs = 3, .batch_size = 7, .seed = 3}; }

/// Whether a model learns the same bits from a random-access source as from the same samples in memory.
template <class Model, class Source>
bool learns_the_same(Source source, const MatrixX<float>& samples) {
  Model from_memory, from_source;
  Stream stream{std::move(source)};
  from_memory.fit(samples, Adam{}, few_epochs());
  from_source.fit(stream, Adam{}, few_epochs());
  return bits(from_memory) == bits(from_source);
}

/// A dense model for samples of `Values` values.
template <Index Values>
using Small = Autoencoder<Encoder<Input<Values>, Dense<5>, Tanh, Dense<2>>, Decoder<Mirror>, SquaredError>;

/// The message of the FileError when a model trains from a random-access source whose file was truncated to half its
/// bytes.
template <class Source>
std::string message_of_shrunk(Source source, const std::string& path) {
  std::vector<float> values(static_cast<std::size_t>(source.rows()));
  const auto last = static_cast<std::uint32_t>(source.size() - 1);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  try {
    source.read(std::span(&last, 1), values.data());
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

}  // namespace eigencoder
