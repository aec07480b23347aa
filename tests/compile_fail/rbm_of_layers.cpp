// expect: eigencoder: an Rbm is made of units: BernoulliUnits, GaussianUnits or RectifiedUnits
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { every_rbm_member(Rbm{BernoulliUnits{4}, Dense<3>{}}); }
