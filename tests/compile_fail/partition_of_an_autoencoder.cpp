// expect: eigencoder: a partition function is that of an Rbm
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining.hpp>

using namespace eigencoder;

int main() {
  const Autoencoder model{Encoder{Input{4}, Dense{2}}, Mirror{}, SquaredError{}};
  return log_partition(model).value > 0 ? 0 : 1;
}
