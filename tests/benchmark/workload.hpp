#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "contender.hpp"
#include "data.hpp"
#include "steps.hpp"

namespace benchmark {

/// A model to train with Adam and the squared error, once as ours and once in steps for libtorch.
struct Workload {
  std::string name;
  Size size;  ///< of a sample
  std::int64_t batch;
  std::function<std::unique_ptr<Contender>(const Data&)> ours;
  std::vector<Step> steps;
};

/// All there are, in the order in which their files are linked.
inline std::vector<Workload>& workloads() {
  static std::vector<Workload> all;
  return all;
}

/// One in each file of workloads/ puts it on the list.
struct Registration {
  explicit Registration(Workload workload) { workloads().push_back(std::move(workload)); }
};

/// libtorch on a workload with so many threads; null where the program was built without it.
std::unique_ptr<Contender> torch_contender(const Workload& workload, const Data& data, int threads);

}  // namespace benchmark
