// expect: eigencoder: after the optimizer fit takes options alone (Model::Options), in braces: model.fit(samples, Adam{}, {.epochs = 20, .observer = ProgressBar{}})
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  model.fit(samples, Adam{.learning_rate = 1e-3}, ProgressBar{});
  every_member(model);
}
