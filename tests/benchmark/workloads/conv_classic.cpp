// The small convolutional autoencoder that is known from tutorials, on images of 40 x 40.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = Autoencoder<Encoder<Image<40, 40, 3>,
                                  Conv2d<16, 3, Same>, MaxPool2d<2>,
                                  Conv2d<32, 3, Same>, MaxPool2d<2>>,
                          Decoder<ConvTranspose2d<16, 3, Same>, Sigmoid, Upsample<2>,
                                  ConvTranspose2d<3, 3, Same>, Sigmoid, Upsample<2>>,
                          SquaredError>;

using namespace steps;
const Registration registration{
    {"conv_classic", {40, 40, 3}, 24, 32, Loss::squared_error, {Descent::Kind::adam, 1e-3},
     {.training = 3, .inference = 2}, ours<Model>,
     {conv(16, 3, 1, 1), max_pool(2), conv(32, 3, 1, 1), max_pool(2),
      conv_transpose(16, 3, 1, 1), sigmoid(), upsample(2),
      conv_transpose(3, 3, 1, 1), sigmoid(), upsample(2)}}};

}  // namespace
}  // namespace benchmark
