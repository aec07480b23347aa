// expect: eigencoder: fit takes an optimizer after the samples: model.fit(samples, Adam{})
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  model.fit(samples, samples, {.epochs = 20});
  every_member(model);
}
