// expect: eigencoder: an Rbm has one estimate of its gradient: ContrastiveDivergence or PersistentContrastiveDivergence
#include <eigencoder/pretraining.hpp>

#include "every_rbm_member.hpp"

int main() {
  every_rbm_member(
      Rbm{BernoulliUnits{4}, BernoulliUnits{3}, ContrastiveDivergence{}, PersistentContrastiveDivergence{}});
}
