// expect: eigencoder: this is an expression, not stored data: append .eval()
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  model.fit(samples / 255, Adam{.learning_rate = 1e-3}, {.epochs = 20});
  every_member(model);
}
