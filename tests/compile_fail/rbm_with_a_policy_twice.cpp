// expect: eigencoder: an Rbm has at most one policy of each kind: it is one layer, with or without AtLayer<0>
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() {
  every_rbm_member(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, WeightDecay<>{}, WeightDecay<AtLayer<0>>{1e-3}});
}
