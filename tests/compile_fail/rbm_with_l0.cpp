// expect: eigencoder: no unit of an Rbm has a threshold to learn: Sparse takes a penalty on activations here, not L0
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { every_rbm_member(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Sparse<L0>{}}); }
