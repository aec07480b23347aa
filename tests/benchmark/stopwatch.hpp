#pragma once

#include <chrono>
#include <utility>

#include "series.hpp"

namespace benchmark {

/// The seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Calls `run`, which works on `samples` samples, again and again for at least `seconds`, after a tenth of that to warm
/// up. Returns samples per second.
template <class Run>
double rate(double samples, double seconds, const Run& run) {
  const Stopwatch warming;
  do run();
  while (warming.seconds() < seconds / 10);
  const Stopwatch watch;
  double done = 0;
  do {
    run();
    done += samples;
  } while (watch.seconds() < seconds);
  return done / watch.seconds();
}

/// The median time of a call of `run` in seconds, over at least `seconds`. Calls are timed in groups, which reading the
/// clock does not disturb.
template <class Run>
double median_time(double seconds, const Run& run) {
  constexpr int group = 20;
  for (int i = 0; i < 10 * group; ++i) run();
  Series times;
  const Stopwatch whole;
  do {
    const Stopwatch watch;
    for (int i = 0; i < group; ++i) run();
    times.push_back(watch.seconds() / group);
  } while (whole.seconds() < seconds);
  return median(std::move(times));
}

}  // namespace benchmark
