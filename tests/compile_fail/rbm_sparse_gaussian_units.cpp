// expect: eigencoder: the penalty does not suit the hidden units of this Rbm: KlSparsity wants BernoulliUnits
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { every_rbm_member(Rbm{BernoulliUnits{4}, GaussianUnits{3}, Sparse<KlSparsity>{}}); }
