#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>

/// @file
/// What a `Stream` needs of a source of samples. The sources of files satisfy it (`CsvSource`, `NpySource`, ...), and a
/// type of your own may, too:
///
///     struct Sensors {  // a RandomAccessSource
///       Index size() const;  // samples
///       Index rows() const;  // values of a sample
///       void read(std::span<const std::uint32_t> indices, float* out);
///     };
///     model.fit(Stream{Sensors{}}, Adam{}, options);
///
/// Every source has two members whose results stay the same: `size()`, the number of samples, and `rows()`, the number
/// of values of a sample. The stream owns the source. It calls the source from one thread at a time, but not from the
/// thread that made it. The members may throw: training or inference then ends with that exception.
namespace eigencoder {

/// A source whose samples can be read in any order. `read(indices, out)` writes the samples of these indices (each from
/// 0 to size() - 1, in any order, possibly repeated) one after another to `out`, which has space for
/// indices.size() * rows() values. An index always gives the same values.
template <class S, class Scalar = float>
concept RandomAccessSource =
    std::movable<S> && requires(S& source, std::span<const std::uint32_t> indices, Scalar* out) {
      { source.size() } -> std::convertible_to<Index>;
      { source.rows() } -> std::convertible_to<Index>;
      source.read(indices, out);
    };

/// A source whose samples can only be read from the first to the last. `next(out, count)` writes the next samples, at
/// least one and at most `count` of them, one after another to `out`, which has space for count * rows() values, and
/// returns their number; after the last sample it returns 0. `rewind()` goes back to the first sample: before another
/// epoch, and after an exception. Each pass gives the same size() samples in the same order.
template <class S, class Scalar = float>
concept SequentialSource = std::movable<S> && requires(S& source, Scalar* out, Index count) {
  { source.size() } -> std::convertible_to<Index>;
  { source.rows() } -> std::convertible_to<Index>;
  { source.next(out, count) } -> std::convertible_to<Index>;
  source.rewind();
};

/// A source with a name, such as its file's path, with which errors about its samples begin. Sources need none.
template <class S>
concept NamedSource = requires(const S& source) {
  { source.name() } -> std::convertible_to<std::string>;
};

/// A source that a `Stream` can read.
template <class S, class Scalar = float>
concept BatchSource = RandomAccessSource<S, Scalar> || SequentialSource<S, Scalar>;

}  // namespace eigencoder
