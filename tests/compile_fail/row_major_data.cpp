// expect: eigencoder: samples are columns, this matrix is row-major: store it as MatrixX<Model::Scalar>(x)
#include <cstdio>
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Mirror>, Bernoulli>;

int main() {
  const MatrixX<float> samples = MatrixX<float>::Zero(784, 1000);
  Model model;
  using Rows = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>;
  const Rows read = Rows::Random(784, 1000);
  const MatrixX<float> codes = model.encode(read);
  every_member(model, samples);
}
