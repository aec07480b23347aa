// expect: eigencoder: samples are columns, this matrix is row-major: store it as MatrixX<Model::Scalar>(x)
#include "every_member.hpp"

using namespace eigencoder;

int main() {
  LegalModel model;
  using Rows = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>;
  const Rows read = Rows::Random(784, 1000);
  model.encode(read);
  every_member(model);
}
