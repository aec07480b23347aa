// expect: eigencoder: a partition function needs BernoulliUnits or GaussianUnits, whose energy it sums: other units have none
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining.hpp>

using namespace eigencoder;

// Legal but for the one call.
int main() {
  const Rbm machine{BernoulliUnits{4}, RectifiedUnits{3}};
  return static_cast<int>(log_partition(machine).value);
}
