#pragma once

#include <cstdint>
#include <string>

namespace benchmark {

/// One library at work on one workload.
class Contender {
 public:
  virtual ~Contender() = default;

  /// The number of parameters.
  virtual std::int64_t parameters() const = 0;
  /// Measures each setting a few times for `seconds`, chooses the fastest, and returns its name.
  virtual std::string tune(double seconds) = 0;
  /// The mean loss of a sample in inference, over the first batch.
  virtual double loss() = 0;
  /// Trains, or reconstructs, for at least `seconds` after a warm-up; returns samples per second.
  virtual double train(double seconds) = 0;
  virtual double infer(double seconds) = 0;
  /// Reconstructs the first sample alone, again and again for at least `seconds`; returns the median time in seconds.
  virtual double latency(double seconds) = 0;
};

}  // namespace benchmark
