// expect: eigencoder: the values of a sample must lie side by side in memory: append .eval()
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  const Eigen::Map<const MatrixX<float>, 0, Eigen::InnerStride<2>> strided(samples.data(), 392, 1000);
  model.evaluate(strided);
  every_member(model);
}
