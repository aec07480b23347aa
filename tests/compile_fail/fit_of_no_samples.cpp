// expect: eigencoder: fit begins with samples, or inputs and targets, in memory (Eigen matrices, views, data sets), or with one Stream that is not const
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  model.fit(1e-3, Adam{.learning_rate = 1e-3}, {.epochs = 20});
  every_member(model);
}
