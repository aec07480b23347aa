// The auxiliary loss of dead units: its value by hand, the gradients that it leaves unchanged, and that it revives.
#include <eigencoder/eigencoder.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace auxiliary_top_k_test {
namespace {

using Matrix = MatrixX<double>;
template <class... Policies>
using Model = Autoencoder<Encoder<Input<6>, Dense<10>, TopK<2>>, Decoder<Dense<6>>, SquaredError, Precision<double>,
                          Policies...>;

template <class M>
double objective(const M& model, const Matrix& x) {
  std::vector<double> unused(model.parameters().size());
  return model.gradient(x, x, unused);
}

Matrix block(const auto& model, Index layer, ParameterKind kind) {
  for (const auto& block : model.layout().blocks())
    if (block.layer == layer && block.kind == kind)
      return Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>(model.parameters().data() + block.offset,
                                                                              block.rows, block.cols);
  return {};
}

}  // namespace

TEST_CASE("dead units are decoded to reconstruct the error of the model") {
  const Matrix x = laws::samples(6, 4, false);
  const Model<> plain;
  Model<AuxiliaryTopK> model{AuxiliaryTopK{.k = 2, .weight = 0.5, .patience = 100}};
  CHECK(objective(model, x) == objective(plain, x));  // no unit is dead yet

  for (const std::size_t unit : {1U, 4U, 7U}) model.statistics()[unit] = 100;
  const Matrix before = (block(model, 0, ParameterKind::weight) * x).colwise() +
                        Eigen::VectorXd(block(model, 0, ParameterKind::bias));
  Matrix z = Matrix::Zero(10, 4);
  for (Index j = 0; j < 4; ++j) {
    Index least = 1;
    for (const Index unit : {1, 4, 7}) {
      z(unit, j) = before(unit, j);
      if (before(unit, j) < before(least, j)) least = unit;
    }
    z(least, j) = 0;
  }
  const Matrix error = x - plain.reconstruct(x), rest = error - block(model, 2, ParameterKind::weight) * z;
  CHECK(objective(model, x) - objective(plain, x) == Approx(0.5 * rest.squaredNorm() / 4).epsilon(1e-10));
}

TEST_CASE("the auxiliary loss revives units that stay dead without it") {
  const MatrixX<float> x = (laws::samples(12, 400, false).array() - 0.5).matrix().cast<float>();
  using Wide = Encoder<Input<12>, Dense<96>, TopK<2>>;
  Autoencoder<Wide, Decoder<Dense<12>>, SquaredError> without;
  Autoencoder<Wide, Decoder<Dense<12>>, SquaredError, AuxiliaryTopK> with{
      AuxiliaryTopK{.k = 8, .patience = 400}};
  const FitOptions<float> options{.epochs = 200, .batch_size = 40};
  without.fit(x, Adam{.learning_rate = 3e-3}, options);
  with.fit(x, Adam{.learning_rate = 3e-3}, options);
  REQUIRE(dead_units(without, x).size() > 20);
  CHECK(3 * dead_units(with, x).size() < 2 * dead_units(without, x).size());
  CHECK(with.evaluate(x).mse < without.evaluate(x).mse);
  CHECK(with.epochs().back().terms.back().name == "dead units");
}

TEST_CASE("AuxiliaryTopK refuses options outside their ranges") {
  CHECK_THROWS_AS((Model<AuxiliaryTopK>{AuxiliaryTopK{.k = 0}}), OptionError);
  CHECK_THROWS_AS((Model<AuxiliaryTopK>{AuxiliaryTopK{.weight = -1}}), OptionError);
  CHECK_THROWS_AS((Model<AuxiliaryTopK>{AuxiliaryTopK{.patience = 0}}), OptionError);
}

TEST_CASE("the longest patience is the largest count of samples since a unit fired") {
  constexpr Index longest = Index{1} << 24;
  const Matrix x = laws::samples(6, 4, false);
  Model<AuxiliaryTopK> model{AuxiliaryTopK{.k = 2, .patience = longest}};
  const double alive = objective(model, x);
  model.statistics()[4] = static_cast<double>(longest);
  CHECK(objective(model, x) != alive);
  CHECK_THROWS_AS((Model<AuxiliaryTopK>{AuxiliaryTopK{.patience = longest + 1}}), OptionError);
}

}  // namespace auxiliary_top_k_test
