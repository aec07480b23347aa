// expect: eigencoder: the free energy is known for BernoulliUnits and GaussianUnits
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { Rbm{BernoulliUnits{4}, RectifiedUnits{3}}.free_energy(rbm_samples); }
