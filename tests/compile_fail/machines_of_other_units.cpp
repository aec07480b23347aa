// expect: eigencoder: a stacked Rbm has BernoulliUnits on BernoulliUnits, and GaussianUnits on all others
#include <eigencoder/pretraining/deep_belief_network.hpp>

using namespace eigencoder;

int main() {
  const DeepBeliefNetwork network{Rbm{BernoulliUnits{8}, BernoulliUnits{6}}, Rbm{GaussianUnits{6}, BernoulliUnits{4}}};
}
