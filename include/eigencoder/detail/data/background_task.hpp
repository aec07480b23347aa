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
    std::exception_ptr failure;
    if (is_started_) failure = is_waiting_ ? failure_of_run() : take_over();
    is_started_ = false;
    return is_broken_ ? std::make_exception_ptr(broken()) : failure;
  }

  /// Ends the call that was begun, if any: one that waits for `finish` is not made.
  void discard() noexcept {
    if (is_started_ && !is_waiting_) take_over();
    is_started_ = false;
  }

 private:
  static Error broken() {
    return Error("eigencoder: this process was forked off while a stream was reading, so what its source has read is "
                 "unknown; make a new stream in the child");
  }

  std::exception_ptr failure_of_run() noexcept {
    if (is_broken_) return nullptr;
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
  /// A thread and what it shares with this object.
  struct Worker {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_running = false, is_closing = false;
    std::exception_ptr failure;
    unsigned forks = thread_pool.forks();
    std::thread thread;  // last: it uses all the other members
  };

  /// Gives a call to the thread, which is made at the first; false if there is none.
  bool hand_over() noexcept {
    if (is_broken_) return false;
    if (worker_ && is_lost()) static_cast<void>(worker_.release());
    if (!worker_ && !was_refused_) make_worker();
    if (was_refused_) return false;
    const std::lock_guard lock(worker_->mutex);
    worker_->is_running = true;
    worker_->changed.notify_all();
    return true;
  }

  void make_worker() noexcept {
    watch_forks();
    try {
      worker_ = std::make_unique<Worker>();
      worker_->thread = std::thread([this, worker = worker_.get()] { serve(*worker); });
    } catch (const std::exception&) {  // no thread, or no memory for one
      worker_.reset();
      was_refused_ = true;
    }
  }

  /// Waits for the thread's call.
  std::exception_ptr take_over() noexcept {
    if (is_lost()) {
      is_broken_ = worker_->is_running;
      return worker_->failure;
    }
    std::unique_lock lock(worker_->mutex);
    worker_->changed.wait(lock, [this] { return !worker_->is_running; });
    return std::exchange(worker_->failure, nullptr);
  }

  void close() noexcept {
    if (!worker_) return;
    if (is_lost()) return static_cast<void>(worker_.release());  // its thread and its lock are the parent's: a leak
    {
      const std::lock_guard lock(worker_->mutex);
      worker_->is_closing = true;
      worker_->changed.notify_all();
    }
    worker_->thread.join();
  }

  /// Whether this is a child of `fork`, and the thread its parent's.
  bool is_lost() const { return worker_->forks != thread_pool.forks(); }

  /// What the thread does.
  void serve(Worker& worker) {
    std::unique_lock lock(worker.mutex);
    while (true) {
      worker.changed.wait(lock, [&] { return worker.is_running || worker.is_closing; });
      if (worker.is_closing) return;
      lock.unlock();
      std::exception_ptr failure = failure_of_run();
      lock.lock();
      worker.failure = std::move(failure);
      worker.is_running = false;
      worker.changed.notify_all();
    }
  }

  std::unique_ptr<Worker> worker_;
  bool was_refused_ = false;
#endif
  std::function<void()> run_;
  bool is_started_ = false;
  bool is_waiting_ = false;  // for `finish` to make the call
  bool is_broken_ = false;   // a call was under way when this process was forked off
};

}  // namespace eigencoder::detail
