#pragma once

#include <stdexcept>

#include "workload.hpp"

namespace benchmark {

/// Both sides of a workload on the same data; `torch` is null without libtorch. Throws where the models differ in size.
struct Rivals {
  Rivals(const Workload& workload, int threads) : data(workload.data()) {
    use_threads(threads);
    ours = workload.ours(workload, data);
    torch = torch_contender(workload, data, threads);
    if (torch && torch->parameters() != ours->parameters())
      throw std::runtime_error(workload.name + ": the models differ, ours has " + std::to_string(ours->parameters()) +
                               " parameters, libtorch's " + std::to_string(torch->parameters()));
  }
  Rivals(const Rivals&) = delete;  // the contenders point at the data
  Rivals& operator=(const Rivals&) = delete;

  const Data data;
  std::unique_ptr<Contender> ours, torch;
};

}  // namespace benchmark
