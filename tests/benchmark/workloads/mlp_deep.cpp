// The deep autoencoder that is known from images of digits, 28 x 28 and a code of 30.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = Autoencoder<Encoder<Input<784>, Dense<1000>, Relu, Dense<500>, Relu, Dense<250>, Relu, Dense<30>>,
                          Decoder<Mirror>, Bernoulli>;

using namespace steps;
const Registration registration{
    {"mlp_deep", {1, 1, 784}, 128, 64, Loss::bernoulli, {Descent::Kind::adam, 1e-4},
     {.training = 1.9, .inference = 1.5, .scaling = 1.85}, ours<Model>,
     {dense(1000), relu(), dense(500), relu(), dense(250), relu(), dense(30),
      dense(250), relu(), dense(500), relu(), dense(1000), relu(), dense(784)}}};

}  // namespace
}  // namespace benchmark
