// expect: eigencoder: export_header supports only SquaredErrorScore, MahalanobisScore and NearestReconstructionScore
#include <eigencoder/anomaly.hpp>
#include <eigencoder/anomaly/export_detector.hpp>

using namespace eigencoder;

struct Doubled : SquaredErrorScore {};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Dense<784>>, SquaredError>;

// Legal but for the one call.
int main() {
  const AnomalyDetector<Model, MahalanobisScore, Doubled> detector{Model{}};
  export_header(detector, "detector.hpp");
}
