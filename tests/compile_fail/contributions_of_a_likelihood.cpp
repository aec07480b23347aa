// expect: eigencoder: one of the detector's scores has no contributions: its docstring says why
#include <eigencoder/anomaly.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<4800>, Dense<8>>, Decoder<Mirror>, Gaussian, Variational<>>;

// Legal but for the one call.
int main() {
  AnomalyDetector<Model, LikelihoodScore> detector{Model{}};
  detector.fit(samples, Adam{});
  detector.score(samples);
  detector.contributions(samples);
}
