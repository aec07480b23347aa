// expect: eigencoder: RectifiedUnits are hidden units: the visible ones are BernoulliUnits or GaussianUnits
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { every_rbm_member(Rbm{RectifiedUnits{4}, BernoulliUnits{3}}); }
