// expect: eigencoder: the policies of an Rbm are ContrastiveDivergence, PersistentContrastiveDivergence, WeightDecay, Sparse and Precision
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() { every_rbm_member(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Denoising<Masking>{}}); }
