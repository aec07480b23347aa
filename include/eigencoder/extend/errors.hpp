#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

/// @file
/// Everything that the library throws on its own derives from `Error`. After any exception the model, the files and the
/// data are as before the call; after one from training, as at the end of the last completed epoch.
namespace eigencoder {

/// Base of all errors of the library.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A size that does not fit: a matrix with a wrong number of rows, two sets of different length.
struct ShapeError : Error {
  using Error::Error;
};

/// A model whose layers or policies do not fit together. Only models with sizes from run time throw it; for the others
/// the compiler states the same sentence.
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

/// A file or folder, named in the message, that cannot be read or written, or is damaged.
struct FileError : Error {
  using Error::Error;
};

/// Training met a loss, a parameter or a running statistic that is not finite.
struct DivergenceError : Error {
  /// @param message   what was not finite
  /// @param at_epoch  the epoch, counted from 1
  /// @param at_batch  the batch in it, counted from 1
  DivergenceError(const std::string& message, std::size_t at_epoch, std::size_t at_batch)
      : Error(message), epoch(at_epoch), batch(at_batch) {}
  std::size_t epoch;  ///< counted from 1
  std::size_t batch;  ///< counted from 1, within the epoch
};

/// An observer threw; its exception is nested (`std::rethrow_if_nested`).
struct ObserverError : Error {
  using Error::Error;
};

}  // namespace eigencoder
