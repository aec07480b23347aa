#pragma once

#include <eigencoder/extend/errors.hpp>
#include <exception>
#include <functional>
#include <utility>

#ifndef EIGENCODER_NO_THREADS
#include <condition_variable>
#include <eigencoder/detail/platform/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <thread>
#endif

namespace eigencoder::detail {

/// Calls a function in the background, on a thread of its own, again and again, one call at a time. Where there are no
/// threads, or the system refuses one, `finish` makes the call. One thread at a time uses a task.
class BackgroundTask {
 public:
  explicit BackgroundTask(std::function<void()> run) : run_(std::move(run)) {}
  BackgroundTask(const BackgroundTask&) = delete;
  BackgroundTask& operator=(const BackgroundTask&) = delete;
  ~BackgroundTask() { discard(), close(); }

  /// Begins a call. The one before must be finished or discarded.
  void start() noexcept {
    is_waiting_ = !hand_over();
    is_started_ = true;
  }

  /// Waits for the call that was begun.
  /// @returns what it threw, if it did
  std::exception_ptr finish() noexcept {
    if (!is_started_) return nullptr;
    is_started_ = false;
    if (!is_waiting_) return take_over();
    return failure_of_run();
  }

  /// Ends the call that was begun, if any: one that waits for `finish` is not made.
  void discard() noexcept {
    if (is_started_ && !is_waiting_) take_over();
    is_started_ = false;
  }

 private:
  std::exception_ptr failure_of_run() noexcept {
    try {
      run_();
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

#ifdef EIGENCODER_NO_THREADS
  bool hand_over() noexcept { return false; }
  std::exception_ptr take_over() noexcept { return nullptr; }
  void close() noexcept {}
#else
  /// A thread and what it shares with its owner.
  struct Lane {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_running = false, is_closing = false;
    std::exception_ptr failure;
    unsigned forks = thread_pool.forks();
    std::thread thread;  // last: it uses all the other members
  };

  /// Gives a call to the thread, which is made at the first; false if there is none.
  bool hand_over() noexcept {
    if (lane_ && is_lost()) static_cast<void>(lane_.release());
    if (!lane_ && !was_refused_) make_lane();
    if (was_refused_) return false;
    const std::lock_guard lock(lane_->mutex);
    lane_->is_running = true;
    lane_->changed.notify_all();
    return true;
  }

  void make_lane() noexcept {
    thread_pool.watch_forks();
    try {
      lane_ = std::make_unique<Lane>();
      lane_->thread = std::thread([this, lane = lane_.get()] { serve(*lane); });
    } catch (const std::exception&) {  // no thread, or no memory for one
      lane_.reset();
      was_refused_ = true;
    }
  }

  /// Waits for the thread's call.
  std::exception_ptr take_over() noexcept {
    if (is_lost()) {
      if (!lane_->is_running) return lane_->failure;
      return std::make_exception_ptr(Error("eigencoder: this process was forked off while a stream was reading, so "
                                           "what its source has read is unknown; make a new stream in the child"));
    }
    std::unique_lock lock(lane_->mutex);
    lane_->changed.wait(lock, [this] { return !lane_->is_running; });
    return std::exchange(lane_->failure, nullptr);
  }

  void close() noexcept {
    if (!lane_) return;
    if (is_lost()) return static_cast<void>(lane_.release());  // its thread and its lock are the parent's
    {
      const std::lock_guard lock(lane_->mutex);
      lane_->is_closing = true;
      lane_->changed.notify_all();
    }
    lane_->thread.join();
  }

  /// Whether this is a child of `fork`, and the thread its parent's.
  bool is_lost() const { return lane_->forks != thread_pool.forks(); }

  /// What the thread does.
  void serve(Lane& lane) {
    std::unique_lock lock(lane.mutex);
    while (true) {
      lane.changed.wait(lock, [&] { return lane.is_running || lane.is_closing; });
      if (lane.is_closing) return;
      lock.unlock();
      std::exception_ptr failure = failure_of_run();
      lock.lock();
      lane.failure = std::move(failure);
      lane.is_running = false;
      lane.changed.notify_all();
    }
  }

  std::unique_ptr<Lane> lane_;
  bool was_refused_ = false;
#endif
  std::function<void()> run_;
  bool is_started_ = false;
  bool is_waiting_ = false;  // for `finish` to make the call
};

}  // namespace eigencoder::detail
