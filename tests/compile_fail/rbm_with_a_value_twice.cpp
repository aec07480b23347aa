// expect: eigencoder: an Rbm is built from values of its own policies, at most one of each
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() {
  every_rbm_member(Rbm<BernoulliUnits, BernoulliUnits, WeightDecay<>>{BernoulliUnits{4}, BernoulliUnits{3},
                                                                      WeightDecay<>{1e-4}, WeightDecay<>{1e-3}});
}
