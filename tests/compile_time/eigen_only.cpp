// The yardstick: the least that a program on Eigen costs the compiler.
#include <Eigen/Core>

int main() {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(64, 64);
  const Eigen::MatrixXf b = a * a;
  return b.rows() == 64 ? 0 : 1;
}
