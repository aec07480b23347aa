// The classic experiment on one color channel of images of 40 x 40, sigmoids throughout.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = Autoencoder<Encoder<Input<1600>, Dense<1024>, Sigmoid, Dense<512>, Sigmoid, Dense<256>, Sigmoid>,
                          Decoder<Mirror, Sigmoid>, SquaredError>;

using namespace steps;
const Registration registration{
    {"mlp_classic", {1, 1, 1600}, 36, 64, Loss::squared_error, {Descent::Kind::rmsprop, 1e-4},
     {.training = 2.5, .inference = 2, .scaling = 1.85}, ours<Model>,
     {dense(1024), sigmoid(), dense(512), sigmoid(), dense(256), sigmoid(),
      dense(512), sigmoid(), dense(1024), sigmoid(), dense(1600), sigmoid()}}};

}  // namespace
}  // namespace benchmark
