// expect: eigencoder: an Rbm learns from samples without targets: rbm.fit(samples, Sgd{})
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { Rbm{BernoulliUnits{4}, BernoulliUnits{3}}.fit(rbm_samples, rbm_samples, Sgd{}); }
