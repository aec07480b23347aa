// expect: eigencoder: a partition function needs BernoulliUnits on one side: with Gaussian units on both it is infinite for large weights
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining.hpp>

using namespace eigencoder;

// Legal but for the one call.
int main() {
  const Rbm machine{GaussianUnits{4}, GaussianUnits{3}};
  return static_cast<int>(log_likelihood(machine, MatrixX<float>::Zero(4, 2).eval(), LogPartition{}).size());
}
