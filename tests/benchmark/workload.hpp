#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contender.hpp"
#include "data.hpp"
#include "steps.hpp"

namespace benchmark {

/// The loss of a sample: squared errors, or the cross-entropy on logits, summed over its values.
enum class Loss { squared_error, bernoulli };

/// An optimizer with its defaults, which are the same in both libraries, but for the learning rate.
struct Descent {
  enum class Kind { adam, rmsprop };
  Kind kind;
  double learning_rate;

  /// Values it remembers for each parameter.
  int slots() const { return kind == Kind::adam ? 2 : 1; }
};

/// What our speed is to be: times libtorch's, and on two threads times that on one.
struct Targets {
  double training = 0, inference = 0, latency = 0, scaling = 1;
};

/// A model to train, once as ours and once in steps for libtorch.
struct Workload {
  std::string name;
  Size size;  ///< of a sample
  std::int64_t batch;
  std::int64_t batches;  ///< of an epoch
  Loss loss;
  Descent descent;
  Targets targets;
  std::function<std::unique_ptr<Contender>(const Workload&, const Data&)> ours;
  std::vector<Step> steps;

  Data data() const { return Data(size, batch, batches); }
};

/// All there are, in the order in which their files are linked.
inline std::vector<Workload>& workloads() {
  static std::vector<Workload> all;
  return all;
}

/// The small models whose latency counts.
inline std::vector<Workload>& latency_workloads() {
  static std::vector<Workload> all;
  return all;
}

/// One in each file of workloads/ puts it on the list.
struct Registration {
  explicit Registration(Workload workload, std::vector<Workload>& list = workloads()) {
    list.push_back(std::move(workload));
  }
};

/// How many threads we use from now on.
void use_threads(int threads);

/// libtorch on a workload with `threads` threads; null where the program was built without it.
std::unique_ptr<Contender> torch_contender(const Workload& workload, const Data& data, int threads);

}  // namespace benchmark
