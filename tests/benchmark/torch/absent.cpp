// In the place of contender.cpp where there is no libtorch.
#include "../workload.hpp"

namespace benchmark {

std::unique_ptr<Contender> torch_contender(const Workload&, const Data&, int) { return nullptr; }

}  // namespace benchmark
