// The variational autoencoder of Kingma & Welling 2014 on images of 28 x 28, with a code of 20.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = VariationalAutoencoder<Encoder<Input<784>, Dense<400>, Relu, Dense<20>>>;

using namespace steps;
const Registration registration{
    {"vae", {1, 1, 784}, 128, 64, Loss::bernoulli, {Descent::Kind::adam, 3e-4},
     {.training = 2, .inference = 1.5, .scaling = 1.85}, ours<Model>,
     {dense(400), relu(), posterior(20), dense(400), relu(), dense(784)}}};

}  // namespace
}  // namespace benchmark
