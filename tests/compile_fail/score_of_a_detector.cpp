// expect: eigencoder: a score of an AnomalyDetector satisfies AnomalyScore, or ModelScore for its models: see anomaly/score.hpp
#include <eigencoder/anomaly.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<4800>, Dense<8>>, Decoder<Mirror>, SquaredError>;

int main() {
  AnomalyDetector detector{Model{}, {.members = 2}, SquaredError{}};  // a loss
  detector.fit(samples, Adam{});
  detector.score(samples);
  detector.predict(samples);
  detector.contributions(samples);
  detector.reconstruct(samples);
}
