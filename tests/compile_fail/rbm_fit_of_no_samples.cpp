// expect: eigencoder: fit begins with samples in memory (an Eigen matrix, a view, a data set), or with a Stream that is not const
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { Rbm{BernoulliUnits{4}, BernoulliUnits{3}}.fit(7, Sgd{}); }
