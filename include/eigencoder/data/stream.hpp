#pragma once

#include <algorithm>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/source.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/data/sequential_reader.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace eigencoder {

/// How a `Stream` reads its source.
struct StreamOptions {
  /// For a `SequentialSource`: samples are shuffled within consecutive blocks of this size, of which two are in memory.
  Index shuffle_window = 4096;
};

/// Samples that are read from a source batch by batch: `model.fit(Stream{source}, Adam{}, options)`, and likewise
/// `encode`, `reconstruct` and `evaluate`. Another thread reads the next batch while the model works on one, so two
/// batches are in memory. Every batch is checked as data in memory is. From a `RandomAccessSource` a model learns the
/// same bits as from the same data in memory. `Stream{source}` is a `Stream<double>` if the source cannot write floats;
/// a model of doubles needs `Stream<double>{source}` of any other.
///
/// A stream serves one call at a time (an observer must not use the stream of its `fit`); it can be used again after a
/// call that threw. A read may then still be under way: what the source refers to must outlive the stream, whose
/// destructor waits for the read to end.
template <class Scalar = float>
class Stream final : public BatchLoader<Scalar> {
 public:
  /// @throws OptionError unless `shuffle_window` is at least 1
  template <class Source>
    requires(!std::same_as<Source, Stream> && BatchSource<Source, Scalar>)
  explicit Stream(Source source, const StreamOptions& options = {}) : size_(source.size()), rows_(source.rows()) {
    detail::require_at_least("StreamOptions.shuffle_window", 1, options.shuffle_window);
    if constexpr (NamedSource<Source>) name_ = source.name();
    if constexpr (RandomAccessSource<Source, Scalar>) {
      read_ = reader(std::move(source));
    } else {
      window_ = options.shuffle_window;
      read_ = reader(detail::SequentialReader<Scalar, Source>(std::move(source), window_));
    }
    thread_ = std::thread([this] { run(); });
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  /// As every `BatchLoader`.
  ///@{
  Index size() const override { return size_; }
  Index rows() const override { return rows_; }
  bool has_targets() const override { return false; }
  Index shuffle_window() const override { return window_; }
  const char* name() const override { return name_.c_str(); }

  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) override {
    std::unique_lock lock(mutex_);
    const auto done = [this] { return !is_reading_; };
    changed_.wait(lock, done);
    const bool read_ahead = std::equal(requested_.begin(), requested_.end(), indices.begin(), indices.end());
    requested_.clear();  // first, since what follows may throw for lack of memory
    if (!read_ahead) {
      request(indices);
      changed_.wait(lock, done);
      requested_.clear();
    }
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    std::swap(current_, upcoming_);
    if (!next.empty()) request(next);
    const View<Scalar> samples(current_.data(), rows_, static_cast<Index>(indices.size()));
    return {samples, samples, nullptr};
  }
  ///@}

 private:
  /// A function that can be copied, as `std::function` demands, although the reader cannot.
  template <class Reader>
  static auto reader(Reader from) {
    return [shared = std::make_shared<Reader>(std::move(from))](std::span<const std::uint32_t> indices, Scalar* out) {
      shared->read(indices, out);
    };
  }

  void request(std::span<const std::uint32_t> indices) {
    upcoming_.resize(indices.size() * static_cast<std::size_t>(rows_));
    requested_.assign(indices.begin(), indices.end());
    is_reading_ = true;
    changed_.notify_all();
  }

  /// What the thread does.
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return is_reading_ || is_closing_; });
      if (is_closing_) return;
      lock.unlock();
      std::exception_ptr failure;
      try {
        read_(requested_, upcoming_.data());
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      failure_ = failure;
      is_reading_ = false;
      changed_.notify_all();
    }
  }

  Index size_, rows_, window_ = 0;
  std::string name_ = "the source";
  std::function<void(std::span<const std::uint32_t>, Scalar*)> read_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_reading_ = false;  // requested, or under way
  bool is_closing_ = false;
  std::exception_ptr failure_;
  std::vector<std::uint32_t> requested_;     // the indices of the batch in `upcoming_`
  std::vector<Scalar> current_, upcoming_;  // the batch that `fetch` returned last, and the one being read
  std::thread thread_;                      // last: it uses all the other members
};

/// `Stream{source}` is of floats, if the source can write them, else of doubles.
///@{
template <BatchSource<float> Source>
Stream(Source, StreamOptions = {}) -> Stream<float>;
template <BatchSource<double> Source>
  requires(!BatchSource<Source, float>)
Stream(Source, StreamOptions = {}) -> Stream<double>;
///@}

}  // namespace eigencoder
