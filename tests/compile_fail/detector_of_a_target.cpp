// expect: eigencoder: the models of an AnomalyDetector reconstruct their input, without a Target
#include <eigencoder/anomaly.hpp>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<10>, Dense<6>, Relu>, Decoder<Dense<10>>, SquaredError, Target<Input<10>>>;

int main() { const AnomalyDetector detector{Model{}, SquaredErrorScore{}}; }
