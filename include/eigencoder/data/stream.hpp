#pragma once

#include <algorithm>
#include <concepts>
#include <condition_variable>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace eigencoder {

/// Samples that are read when they are wanted, `size()` of `rows()` values each. `read` writes the samples at these
/// places one after another to `out`; the same place always gives the same values. It is called from one thread at a
/// time, but not from that of its maker. It may throw: training then ends with that exception.
template <class S, class Scalar = float>
concept RandomAccessSource = std::movable<S> && requires(S& source, std::span<const std::uint32_t> places, Scalar* out) {
  { source.size() } -> std::convertible_to<Index>;
  { source.rows() } -> std::convertible_to<Index>;
  source.read(places, out);
};

/// Samples that can only be read from the first to the last: `next` writes up to `count` of them one after another to
/// `out` and returns how many, 0 behind the last; `rewind` goes back to the first. As `RandomAccessSource` otherwise.
template <class S, class Scalar = float>
concept SequentialSource = std::movable<S> && requires(S& source, Scalar* out, Index count) {
  { source.size() } -> std::convertible_to<Index>;
  { source.rows() } -> std::convertible_to<Index>;
  { source.next(out, count) } -> std::convertible_to<Index>;
  source.rewind();
};

/// Optional: a source that has a name, such as its file's path, with which errors about its samples begin.
template <class S>
concept NamedSource = requires(const S& source) {
  { source.name() } -> std::convertible_to<std::string>;
};

/// Anything that a `Stream` can draw samples from.
template <class S, class Scalar = float>
concept BatchSource = RandomAccessSource<S, Scalar> || SequentialSource<S, Scalar>;

struct StreamOptions {
  /// Of a source that is read from the first sample to the last: samples are shuffled within blocks of so many, which
  /// follow one another; two such blocks are in memory.
  Index shuffle_window = 4096;
};

namespace detail {

/// Reads a source from its first sample to its last, and keeps the two blocks that a batch may lie across. Whatever is
/// thrown leaves the source anywhere: the next read begins again at its first sample.
template <class Scalar, class Source>
class Blocks {
 public:
  Blocks(Source source, Index window)
      : source_(std::move(source)), window_(std::clamp<Index>(source_.size(), 1, window)) {}
  Index size() const { return source_.size(); }
  Index rows() const { return source_.rows(); }

  void read(std::span<const std::uint32_t> places, Scalar* out) {
    if (astray_) rewind();
    astray_ = true;
    for (const std::uint32_t place : places) {
      const Index block = place / window_;
      if (block + 2 < read_) rewind();  // of an earlier block than those at hand: a new epoch
      while (read_ <= block) read_block();
      const Scalar* from = kept_[block % 2].data() + (place % window_) * rows();
      out = std::copy_n(from, rows(), out);
    }
    astray_ = false;
  }

 private:
  void rewind() {
    source_.rewind();
    read_ = 0;
  }

  void read_block() {
    std::vector<Scalar>& to = kept_[read_ % 2];
    const Index wanted = (std::min)(window_, size() - read_ * window_);
    to.resize(static_cast<std::size_t>(window_ * rows()));
    for (Index got = 0; got < wanted;) {
      const Index more = source_.next(to.data() + got * rows(), wanted - got);
      if (more <= 0)
        throw DataError(message({"a source of ", size(), " samples ended after ", read_ * window_ + got}));
      got += more;
    }
    ++read_;
  }

  Source source_;
  Index window_;
  Index read_ = 0;       ///< blocks read since the source was at its first sample
  bool astray_ = false;  ///< the last read did not end, so the source may stand anywhere
  std::vector<Scalar> kept_[2];
};

}  // namespace detail

/// Samples that are read from a source as they are wanted: `model.fit(Stream{source}, Adam{}, options)`, and likewise
/// `encode`, `reconstruct` and `evaluate`; a model of doubles takes a `Stream<double>{source}`, which `Stream{source}`
/// is only where the source cannot write floats. The next batch is read on another thread while one is worked on, so two
/// batches are in memory. Every batch passes the checks that data in memory passes. From a random-access source a model
/// learns the same bits as from the same data in memory.
///
/// A stream serves one call at a time (an observer must not use that of its `fit`), and after an exception the next one
/// from the start. A read may still be under way when a call has ended by an exception: what the source refers to must
/// outlive the stream, whose destructor waits for the read to end.
template <class Scalar = float>
class Stream final : public BatchLoader<Scalar> {
 public:
  template <class Source>
    requires(!std::same_as<Source, Stream> && BatchSource<Source, Scalar>)
  explicit Stream(Source source, const StreamOptions& options = {}) : size_(source.size()), rows_(source.rows()) {
    if (options.shuffle_window < 1) throw OptionError("eigencoder: StreamOptions.shuffle_window must be at least 1");
    if constexpr (NamedSource<Source>) name_ = source.name();
    if constexpr (RandomAccessSource<Source, Scalar>) {
      read_ = reader(std::move(source));
    } else {
      window_ = options.shuffle_window;
      read_ = reader(detail::Blocks<Scalar, Source>(std::move(source), window_));
    }
    reading_ = std::thread([this] { run(); });
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    reading_.join();
  }

  Index size() const override { return size_; }
  Index rows() const override { return rows_; }
  bool has_targets() const override { return false; }
  Index shuffle_window() const override { return window_; }
  const char* name() const override { return name_.c_str(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> places, std::span<const std::uint32_t> next) override {
    std::unique_lock lock(mutex_);
    const auto done = [this] { return !wanted_; };
    changed_.wait(lock, done);
    const bool announced = std::equal(coming_.begin(), coming_.end(), places.begin(), places.end());
    coming_.clear();  // also where there is no memory for what follows
    if (!announced) {
      ask(places);
      changed_.wait(lock, done);
      coming_.clear();
    }
    if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
    std::swap(now_, then_);
    if (!next.empty()) ask(next);
    const View<Scalar> samples(now_.data(), rows_, static_cast<Index>(places.size()));
    return {samples, samples, nullptr};
  }

 private:
  template <class Reader>
  static auto reader(Reader from) {
    return [kept = std::make_shared<Reader>(std::move(from))](std::span<const std::uint32_t> places, Scalar* out) {
      kept->read(places, out);
    };
  }

  void ask(std::span<const std::uint32_t> places) {
    then_.resize(places.size() * static_cast<std::size_t>(rows_));
    coming_.assign(places.begin(), places.end());
    wanted_ = true;
    changed_.notify_all();
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return wanted_ || closing_; });
      if (closing_) return;
      lock.unlock();
      std::exception_ptr failure;
      try {
        read_(coming_, then_.data());
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      failed_ = failure;
      wanted_ = false;
      changed_.notify_all();
    }
  }

  Index size_, rows_, window_ = 0;
  std::string name_ = "the source";
  std::function<void(std::span<const std::uint32_t>, Scalar*)> read_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;   ///< the reader is to read what is coming, or does
  bool closing_ = false;
  std::exception_ptr failed_;
  std::vector<std::uint32_t> coming_;
  std::vector<Scalar> now_, then_;
  std::thread reading_;  ///< last: it uses all the rest
};

template <BatchSource<float> Source>
Stream(Source, StreamOptions = {}) -> Stream<float>;
template <BatchSource<double> Source>
  requires(!BatchSource<Source, float>)
Stream(Source, StreamOptions = {}) -> Stream<double>;

}  // namespace eigencoder
