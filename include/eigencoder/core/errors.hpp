#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

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

}  // namespace eigencoder
