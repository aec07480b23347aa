// expect: eigencoder: the data's scalar is not the model's: convert it by x.cast<Model::Scalar>().eval()
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  const MatrixX<double> measured = MatrixX<double>::Random(784, 1000);
  model.fit(measured, Adam{.learning_rate = 1e-3}, {.epochs = 20});
  every_member(model);
}
