#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/source.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/data/background_task.hpp>
#include <eigencoder/detail/data/sequential_reader.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder {

/// How a `Stream` reads its source.
struct StreamOptions {
  /// For a `SequentialSource`: samples are shuffled within consecutive blocks of this size, of which two are in memory.
  Index shuffle_window = 4096;
};

/// Samples that are read from a source batch by batch: `model.fit(Stream{source}, Adam{}, options)`, and likewise
/// `encode`, `reconstruct` and `evaluate`. A thread of the stream's reads the next batch while the model works on one,
/// so two batches are in memory. Every batch is checked as data in memory is. From a `RandomAccessSource` a model
/// learns the same bits as from the same data in memory. `Stream{source}` is a `Stream<double>` if the source cannot
/// write floats; a model of doubles needs `Stream<double>{source}` of any other. `Stream{inputs, targets}` reads pairs
/// from two sources of equal size: sample k of the one and sample k of the other.
///
/// A stream serves one call at a time (an observer must not use the stream of its `fit`); it can be used again after a
/// call that threw. A read may then still be under way: what the source refers to must outlive the stream, whose
/// destructor waits for the read to end.
template <class Scalar = float>
class Stream final : public BatchLoader<Scalar> {
 public:
  /// Inputs that are their own targets. @throws OptionError unless `shuffle_window` is at least 1
  template <class Source>
    requires(!std::same_as<Source, Stream> && BatchSource<Source, Scalar>)
  explicit Stream(Source source, const StreamOptions& options = {}) : inputs_(open(std::move(source), options)) {}
  /// Inputs and a target for each.
  /// @throws OptionError unless `shuffle_window` is at least 1
  /// @throws ShapeError for sources of different sizes, and for targets without values
  template <class Source, class TargetSource>
    requires(BatchSource<Source, Scalar> && BatchSource<TargetSource, Scalar>)
  Stream(Source inputs, TargetSource targets, const StreamOptions& options = {})
      : inputs_(open(std::move(inputs), options)), targets_(open(std::move(targets), options)) {
    if (targets_.rows < 1)
      throw ShapeError(detail::message({"Stream: targets of ", targets_.rows, " values, expected at least 1"}));
    if (targets_.size != inputs_.size)
      throw ShapeError(detail::message({"Stream: ", targets_.size, " targets of ", targets_.name, " for ",
                                        inputs_.size, " inputs of ", inputs_.name}));
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// As every `BatchLoader`.
  ///@{
  Index size() const override { return inputs_.size; }
  Index rows() const override { return inputs_.rows; }
  bool has_targets() const override { return targets_.rows > 0; }
  Index shuffle_window() const override { return window_; }
  const char* name() const override { return inputs_.name.c_str(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    if (!std::equal(requested_.begin(), requested_.end(), indices.begin(), indices.end())) {  // not read ahead
      reading_.discard();
      requested_.clear();  // first, since `request` may throw for lack of memory
      request(indices);
    }
    const std::exception_ptr failure = reading_.finish();
    requested_.clear();
    if (failure) std::rethrow_exception(failure);
    std::swap(current_, upcoming_);
    if (!next.empty()) request(next);
    const auto count = static_cast<Index>(indices.size());
    const View<Scalar> samples(current_.data(), inputs_.rows, count);
    if (!has_targets()) return {samples, samples, nullptr};
    return {samples, View<Scalar>(current_.data() + inputs_.rows * count, targets_.rows, count), nullptr};
  }
  ///@}

 private:
  /// A source that is open.
  struct Source {
    Index size = 0, rows = 0;
    std::string name = {};
    std::function<void(std::span<const std::uint32_t>, Scalar*)> read;
  };

  template <class From>
  Source open(From source, const StreamOptions& options) {
    detail::require_at_least("StreamOptions.shuffle_window", 1, options.shuffle_window);
    Source opened{source.size(), source.rows(), "the source", {}};
    if constexpr (NamedSource<From>) opened.name = source.name();
    if constexpr (RandomAccessSource<From, Scalar>) {
      opened.read = reader(std::move(source));
    } else {
      window_ = options.shuffle_window;
      opened.read = reader(detail::SequentialReader<Scalar, From>(std::move(source), window_));
    }
    return opened;
  }

  /// A function that can be copied, as `std::function` demands, although the reader cannot.
  template <class Reader>
  static auto reader(Reader from) {
    return [shared = std::make_shared<Reader>(std::move(from))](std::span<const std::uint32_t> indices, Scalar* out) {
      shared->read(indices, out);
    };
  }

  void request(std::span<const std::uint32_t> indices) {
    upcoming_.resize(indices.size() * static_cast<std::size_t>(inputs_.rows + targets_.rows));
    requested_.assign(indices.begin(), indices.end());
    reading_.start();
  }

  /// Reads what was requested, inputs before targets.
  void read_requested() {
    inputs_.read(requested_, upcoming_.data());
    if (has_targets())
      targets_.read(requested_, upcoming_.data() + requested_.size() * static_cast<std::size_t>(inputs_.rows));
  }

  Index window_ = 0;
  Source inputs_, targets_;  // no targets: 0 rows
  std::vector<std::uint32_t> requested_;    // the indices of the batch in `upcoming_`
  std::vector<Scalar> current_, upcoming_;  // the batch that `fetch` returned last, and the one being read
  detail::BackgroundTask reading_{[this] { read_requested(); }};  // last: it uses the others
};

/// `Stream{source}` is of floats, if the source can write them, else of doubles.
///@{
template <BatchSource<float> Source>
Stream(Source, StreamOptions = {}) -> Stream<float>;
template <BatchSource<double> Source>
  requires(!BatchSource<Source, float>)
Stream(Source, StreamOptions = {}) -> Stream<double>;
template <BatchSource<float> Source, BatchSource<float> TargetSource>
Stream(Source, TargetSource, StreamOptions = {}) -> Stream<float>;
template <BatchSource<double> Source, BatchSource<double> TargetSource>
  requires(!BatchSource<Source, float> || !BatchSource<TargetSource, float>)
Stream(Source, TargetSource, StreamOptions = {}) -> Stream<double>;
///@}

}  // namespace eigencoder
