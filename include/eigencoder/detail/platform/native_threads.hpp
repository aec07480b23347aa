#pragma once

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#else
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#endif

/// @file
/// The system's threads, locks and conditions. The standard library's cost every user compile time, so they are used
/// only where POSIX's are missing.
namespace eigencoder::detail {

#if defined(__unix__) || defined(__APPLE__)

class Mutex {
 public:
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }
  pthread_mutex_t& native() { return mutex_; }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class Condition {
 public:
  /// Sleeps until woken, perhaps without a cause. The mutex is locked before and after, but not meanwhile.
  void wait(Mutex& locked) { pthread_cond_wait(&condition_, &locked.native()); }
  void notify_all() { pthread_cond_broadcast(&condition_); }

 private:
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
};

class Thread {
 public:
  /// Starts a thread that calls `(*run)()`, which must outlive it. False where the system refuses one.
  template <class Run>
  bool start(Run* run) {
    const auto call = [](void* its) -> void* {
      (*static_cast<Run*>(its))();
      return nullptr;
    };
    return pthread_create(&thread_, nullptr, call, run) == 0;
  }
  void join() { pthread_join(thread_, nullptr); }

 private:
  pthread_t thread_{};
};

inline void yield_processor() { sched_yield(); }
inline int online_processors() { return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)); }

#else

using Mutex = std::mutex;

class Condition {
 public:
  void wait(Mutex& locked) {
    std::unique_lock<Mutex> lock(locked, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

class Thread {
 public:
  template <class Run>
  bool start(Run* run) {
    try {
      thread_ = std::thread([run] { (*run)(); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }
  void join() { thread_.join(); }

 private:
  std::thread thread_;
};

inline void yield_processor() { std::this_thread::yield(); }
inline int online_processors() { return static_cast<int>(std::thread::hardware_concurrency()); }

#endif

/// Holds a mutex while it lives.
class Lock {
 public:
  explicit Lock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { mutex_.unlock(); }

 private:
  Mutex& mutex_;
};

}  // namespace eigencoder::detail
