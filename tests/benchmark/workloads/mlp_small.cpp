// Small models: one hidden layer of 32 on images of 28 x 28, and one for the readings of a sensor. Both are also run on
// one sample at a time.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli>;
using Sensor = Autoencoder<Encoder<Input<64>, Dense<32>, Relu, Dense<8>>, Decoder<Mirror>, SquaredError>;

using namespace steps;
const Registration registration{{"mlp_small", {1, 1, 784}, 256, 64, Loss::bernoulli, {Descent::Kind::adam, 1e-4},
                                 {.training = 3, .inference = 2}, ours<Model>, {dense(32), relu(), dense(784)}}};

const Registration latency{{"784-32-784", {1, 1, 784}, 1, 1, Loss::bernoulli, {Descent::Kind::adam, 1e-4},
                            {.latency = 5}, ours<Model>, {dense(32), relu(), dense(784)}},
                           latency_workloads()};
const Registration sensor_latency{
    {"64-32-8-32-64", {1, 1, 64}, 1, 1, Loss::squared_error, {Descent::Kind::adam, 1e-4},
     {.latency = 45}, ours<Sensor>, {dense(32), relu(), dense(8), dense(32), relu(), dense(64)}},
    latency_workloads()};

}  // namespace
}  // namespace benchmark
