// expect: eigencoder: export_header supports only SquaredErrorScore, MahalanobisScore and NearestReconstructionScore
#include <eigencoder/anomaly.hpp>
#include <eigencoder/anomaly/export_detector.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>>, Decoder<Mirror>, Gaussian, Variational<>>;

// Legal but for the one call.
int main() {
  const AnomalyDetector<Model, LikelihoodScore> detector{Model{}};
  export_header(detector, "detector.hpp");
}
