#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

/// @file
/// Everything the library throws derives from `Error`. Whatever threw, the model, the
/// files and the data stand as they stood before the call (training: at the last completed epoch).
namespace eigencoder {

/// Base of all errors of the library.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A size that does not fit: a matrix of the wrong height, two sets of different length.
struct ShapeError : Error {
  using Error::Error;
};

/// A model whose layers or policies do not fit together (only where sizes are known at run time;
/// elsewhere the compiler says the same sentence).
struct CompositionError : Error {
  using Error::Error;
};

/// Data that cannot be used: an empty set, NaN or infinity, a value outside the loss's range.
struct DataError : Error {
  using Error::Error;
};

/// A hyperparameter or option outside its range.
struct OptionError : Error {
  using Error::Error;
};

/// A file or folder that cannot be read or written, or is damaged. The message names it.
struct FileError : Error {
  using Error::Error;
};

/// Training met a loss, a parameter or a running statistic that is not finite. Epoch and batch count from 1.
struct DivergenceError : Error {
  DivergenceError(const std::string& message, std::size_t at_epoch, std::size_t at_batch)
      : Error(message), epoch(at_epoch), batch(at_batch) {}
  std::size_t epoch;
  std::size_t batch;
};

/// An observer threw; its own exception is nested (`std::rethrow_if_nested`).
struct ObserverError : Error {
  using Error::Error;
};

namespace detail {

/// A word or a number of a message.
struct Word {
  std::string text;
  Word(std::string_view word) : text(word) {}
  Word(const char* word) : text(word) {}
  Word(const std::string& word) : text(word) {}
  Word(std::integral auto number) : text(std::to_string(number)) {}
};

/// "eigencoder: " and the words. Out of line, as everything that only an error runs: callers stay small.
[[gnu::cold]] inline std::string message(std::initializer_list<Word> words) {
  std::string all = "eigencoder: ";
  for (const Word& word : words) all += word.text;
  return all;
}

}  // namespace detail
}  // namespace eigencoder
