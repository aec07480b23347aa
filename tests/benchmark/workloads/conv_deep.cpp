// Strided convolutions down to a code of 128 values and transposed ones up again, on images of 64 x 64.
#include "../ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Model = Autoencoder<Encoder<Image<64, 64, 3>,
                                  Conv2d<32, 3, Stride<2>, Padding<1>>, Relu,
                                  Conv2d<64, 3, Stride<2>, Padding<1>>, Relu,
                                  Conv2d<128, 3, Stride<2>, Padding<1>>, Relu, Dense<128>>,
                          Decoder<Dense<8 * 8 * 128>, Relu, Reshape<8, 8, 128>,
                                  ConvTranspose2d<64, 4, Stride<2>, Padding<1>>, Relu,
                                  ConvTranspose2d<32, 4, Stride<2>, Padding<1>>, Relu,
                                  ConvTranspose2d<3, 4, Stride<2>, Padding<1>>>,
                          SquaredError>;

using namespace steps;
const Registration registration{
    {"conv_deep", {64, 64, 3}, 64, 16, Loss::squared_error, {Descent::Kind::adam, 1e-3},
     {.training = 2.5, .inference = 2, .scaling = 1.85}, ours<Model>,
     {conv(32, 3, 2, 1), relu(), conv(64, 3, 2, 1), relu(), conv(128, 3, 2, 1), relu(), dense(128),
      dense(8 * 8 * 128), relu(), reshape(8, 8, 128), conv_transpose(64, 4, 2, 1), relu(),
      conv_transpose(32, 4, 2, 1), relu(), conv_transpose(3, 4, 2, 1)}}};

}  // namespace
}  // namespace benchmark
