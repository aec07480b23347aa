#pragma once

#include <chrono>

namespace benchmark {

/// The seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Calls `run`, which works on `samples` samples, once to warm up, then again and again for at least
/// `seconds`. Returns samples per second.
template <class Run>
double rate(double samples, double seconds, const Run& run) {
  run();
  const Stopwatch watch;
  double done = 0;
  do {
    run();
    done += samples;
  } while (watch.seconds() < seconds);
  return done / watch.seconds();
}

}  // namespace benchmark
