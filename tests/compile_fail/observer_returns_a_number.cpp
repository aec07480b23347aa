// expect: eigencoder: an observer returns nothing, or a Signal (Signal::proceed, Signal::stop)
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  model.fit(samples, Adam{.learning_rate = 1e-3},
            {.epochs = 20, .observer = [](const EpochReport& report) { return report.epoch > 3; }});
  every_member(model);
}
