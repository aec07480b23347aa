// The value of the contractive penalty; laws/contractive.test.cpp checks its gradient.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/contracted.hpp"
#include "laws/samples.hpp"

#include <cmath>
#include <limits>

using namespace laws;

namespace {

using Matrix = MatrixX<double>;
constexpr std::uint64_t seed = 7, step = 3;

Matrix inputs_for(Index rows, Index count = 4) { return 3 * (samples(rows, count, false, 9).array() - 0.5).matrix(); }

/// What a policy adds to the objective and to its gradient.
struct Share {
  double value;
  std::vector<double> gradient;
};

template <class C, class... Others, class Policy>
Share share_of(const Policy& policy, const Matrix& x, std::uint64_t at_step = step) {
  const auto objective = [&](const Policy& one, std::vector<double>& gradient) {
    typename C::template Model<Policy, Others...> model(one);
    model.initialize(2);
    Random random(C::seed, Purpose::user);
    for (double& value : model.parameters()) value += 0.3 * random.normal();
    gradient.resize(model.parameters().size());
    return model.gradient(x, samples(x.rows(), x.cols()), gradient, seed, at_step);
  };
  Policy without = policy;
  without.weight = without.hessian_weight = 0;
  std::vector<double> with, none;
  const double value = objective(policy, with) - objective(without, none);
  for (std::size_t i = 0; i < with.size(); ++i) with[i] -= none[i];
  return {value, with};
}

/// A model with the same parameters, and the Jacobian of its code at one input, by central differences.
template <class C>
auto twin() {
  typename C::template Model<> model;
  model.initialize(2);
  Random random(C::seed, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  return model;
}
template <class Model>
Matrix jacobian_of(const Model& model, const Matrix& x) {
  Matrix all(model.code_size(), x.rows());
  for (Index i = 0; i < x.rows(); ++i)
    for (Index k = 0; k < all.rows(); ++k)
      all(k, i) = central_difference([&](double h) {
        Matrix moved = x;
        moved(i, 0) += h;
        return model.encode(moved)(k, 0);
      });
  return all;
}
template <class Model>
double squared_jacobians(const Model& model, const Matrix& x) {
  double sum = 0;
  for (Index j = 0; j < x.cols(); ++j) sum += jacobian_of(model, x.col(j)).squaredNorm();
  return sum / static_cast<double>(x.cols());
}

/// One sigmoid layer: first and second derivatives of its values at each sample.
struct OneLayer {
  Matrix weight, derivative, second_derivative;

  template <class Model>
  OneLayer(const Model& model, const Matrix& x) {
    const auto& block = model.layout().block(0);
    weight = Eigen::Map<const Matrix>(model.parameters().data() + block.offset, block.cols, block.rows).transpose();
    const Matrix h = model.encode(x);
    derivative = h.array() * (1 - h.array());
    second_derivative = derivative.array() * (1 - 2 * h.array());
  }
};

/// A code of one sigmoid layer.
template <Index Inputs, Index Codes>
using Shallow = Contracted<Encoder<Input<Inputs>, Dense<Codes>, Sigmoid>, Decoder<Mirror>>;

/// Rifai et al. 2011, section 3: the sum over j of (h_j (1 - h_j))^2 times the sum over i of W_ji^2.
template <class C>
void check_closed_form(const Matrix& x) {
  INFO(eigencoder::detail::type_name<typename C::Encoder>().view() << ", batch of " << x.cols());
  const auto model = twin<C>();
  const OneLayer layer(model, x);
  const Matrix squares = layer.weight.rowwise().squaredNorm();
  const double scale = 0.7 / static_cast<double>(x.cols());
  const Share found = share_of<C>(Contractive{.weight = 0.7}, x);
  CHECK(found.value == Approx(scale * (layer.derivative.array().square().matrix().transpose() * squares).sum()));

  const Matrix twice = 2 * scale * layer.derivative,
               by_bias = squares.asDiagonal() * twice.cwiseProduct(layer.second_derivative);
  Matrix by_weight = twice.cwiseProduct(layer.derivative).rowwise().sum().asDiagonal() * layer.weight;
  by_weight += by_bias * x.transpose();
  const auto& blocks = model.layout().blocks();
  const Eigen::Map<const Matrix> weight(found.gradient.data() + blocks[0].offset, blocks[0].cols, blocks[0].rows);
  const Eigen::Map<const Matrix> bias(found.gradient.data() + blocks[1].offset, blocks[0].rows, 1);
  CHECK((weight.transpose() - by_weight).norm() <= 1e-10 * by_weight.norm());
  CHECK((bias - by_bias.rowwise().sum()).norm() <= 1e-10 * by_bias.rowwise().sum().norm());
}

}  // namespace

TEST_CASE("of one sigmoid layer it has the closed form") {
  check_closed_form<Shallow<6, 4>>(inputs_for(6, 5));
  check_closed_form<Shallow<30, 700>>(inputs_for(30, 90));
  // The same code from other layers, whose directions do not fit into one chunk.
  check_closed_form<Contracted<Encoder<Input<1000>, Identity, Dense<48>, Sigmoid>, Decoder<Dense<1000>>>>(
      inputs_for(1000, 300));
  check_closed_form<Contracted<Encoder<Input<300>, Dense<48>, Sigmoid, Reshape<1, 1, 48>>, Decoder<Dense<300>>>>(
      inputs_for(300, 2000));
}

TEST_CASE("it is the squared norm of the Jacobian by central differences") {
  each(ContractedModels{}, []<class C>() {
    INFO(eigencoder::detail::type_name<typename C::Encoder>().view());
    const auto model = twin<C>();
    const Matrix x = inputs_for(model.input_shape().size());
    CHECK(share_of<C>(Contractive{.weight = 0.7}, x).value == Approx(0.7 * squared_jacobians(model, x)).epsilon(1e-7));
  });
}

TEST_CASE("with a Hessian it is the difference between Jacobians at the input and near it") {
  const auto check = []<class C>(Index draws) {
    INFO(eigencoder::detail::type_name<typename C::Encoder>().view());
    const auto model = twin<C>();
    const Matrix x = inputs_for(model.input_shape().size());
    double sum = 0;
    for (Index k = 0; k < draws; ++k)
      for (Index j = 0; j < x.cols(); ++j) {
        Random random(seed, Purpose::contraction, 1, step, static_cast<std::uint32_t>(j),
                      static_cast<std::uint32_t>(k));
        Matrix noisy = x.col(j);
        for (Index i = 0; i < noisy.rows(); ++i) noisy(i, 0) += 0.2 * random.normal();
        sum += (jacobian_of(model, x.col(j)) - jacobian_of(model, noisy)).squaredNorm();
      }
    const double difference = sum / static_cast<double>(draws * x.cols());
    const Contractive policy{.weight = 0.7, .hessian_weight = 2, .noise = 0.2, .noise_draws = draws};
    CHECK(share_of<C>(policy, x).value == Approx(0.7 * squared_jacobians(model, x) + 2 * difference).epsilon(1e-7));
  };
  using Normed = Contracted<Curved, Decoder<Dense<6>>>;
  check.operator()<Contracted<Deep, Decoder<Mirror>>>(1);
  check.operator()<Contracted<Deep, Decoder<Mirror>>>(3);
  check.operator()<Normed>(2);
  check.operator()<Contracted<Strided, Decoder<TiedMirror>>>(2);
}

TEST_CASE("probes agree with the exact value on average") {
  using C = Contracted<Deep, Decoder<Mirror>>;
  const Matrix x = inputs_for(6);
  const auto check = [&](const Contractive<Exact>& exact, const Contractive<Probes>& probes) {
    constexpr int draws = 500;
    double sum = 0, squares = 0;
    for (int k = 0; k < draws; ++k) {
      // The noise of the Hessian's term is drawn anew in each step too, so the exact value changes with it.
      const auto at = static_cast<std::uint64_t>(k);
      const double off = share_of<C>(probes, x, at).value - share_of<C>(exact, x, at).value;
      sum += off;
      squares += off * off;
    }
    const double mean = sum / draws, error = std::sqrt((squares / draws - mean * mean) / draws);
    CHECK(error > 0);
    CHECK(std::abs(mean) <= 5 * error);
    return error;
  };
  const double one = check({.weight = 0.7}, {Probes{1}, 0.7});
  CHECK(check({.weight = 0.7}, {Probes{8}, 0.7}) < 0.5 * one);
  check({.weight = 0.7, .hessian_weight = 5, .noise = 0.3}, {Probes{2}, 0.7, 5, 0.3});
}

TEST_CASE("a probe of a single value is exact") {
  using C = Contracted<Encoder<Input<6>, Dense<5>, Tanh, Dense<1>>, Decoder<Mirror>>;
  const Matrix x = inputs_for(6);
  CHECK(share_of<C>(Contractive{Probes{3}, 0.7}, x).value ==
        Approx(share_of<C>(Contractive{.weight = 0.7}, x).value).epsilon(1e-12));
}

TEST_CASE("it is taken at the corrupted input, and of the mean of a distribution") {
  constexpr auto invert = [](auto* sample, Shape shape, Random&) {
    for (Index i = 0; i < shape.size(); ++i) sample[i] = 1 - sample[i];
  };
  using C = Contracted<Deep, Decoder<Mirror>>;
  const Matrix x = inputs_for(6);
  CHECK(share_of<C, Denoising<std::remove_cv_t<decltype(invert)>>>(Contractive{.weight = 0.7}, x).value ==
        Approx(0.7 * squared_jacobians(twin<C>(), 1 - x.array())).epsilon(1e-7));

  // `encode` gives the mean. The layer for the log variance has its parameters after those of the plain model.
  using Mean = Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>;
  using V = Contracted<Mean, Decoder<Mirror>>;
  V::Model<Variational<>> model;
  model.initialize(2);
  Random random(V::seed, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  CHECK(share_of<V, Variational<>>(Contractive{.weight = 0.7}, x).value ==
        Approx(0.7 * squared_jacobians(model, x)).epsilon(1e-7));
}

TEST_CASE("it is a term of an epoch's report") {
  using C = Contracted<Deep, Decoder<Mirror>>;
  const Matrix x = samples(6, 8, false);
  C::Model<Contractive<>> model(Contractive{.weight = 0.7});
  const double value = 0.7 * squared_jacobians(model, x);
  std::vector<double> gradient(model.parameters().size());
  const double objective = model.gradient(x, x, gradient);
  const auto report = model.fit(x, Sgd{.learning_rate = 1e-3}, {.epochs = 1, .batch_size = 8}).epochs.at(0);
  REQUIRE(report.terms.size() == 1);
  CHECK(report.terms[0].name == "Contractive");
  CHECK(report.terms[0].value == Approx(value).epsilon(1e-7));
  CHECK(report.train_loss == Approx(objective).epsilon(1e-12));
  CHECK(model.evaluate(x).loss < objective);
}

TEST_CASE("an encoder that couples the samples of a batch is refused") {
  using eigencoder::detail::diagnose_types;
  using Plain = Decoder<Mirror>;
  constexpr auto refused = diagnose_types<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh>, Plain, Huber, Contractive<>>();
  STATIC_REQUIRE(refused.rule == Rule::policy_applies);
  CHECK(refused.sentence().find("BatchNorm") != std::string::npos);
  STATIC_REQUIRE(diagnose_types<Encoder<Input<6>, Dense<5>, BatchTopK<2>>, Plain, Huber, Contractive<Probes>>().rule ==
                 Rule::policy_applies);
  // After the code it is legal.
  STATIC_REQUIRE(
      diagnose_types<Encoder<Input<6>, Dense<5>>, Decoder<BatchNorm, Dense<6>>, Huber, Contractive<>>().ok());
}

TEST_CASE("its numbers are checked") {
  const double bad[] = {-1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()};
  for (const double value : bad) {
    CHECK_THROWS_AS((Contractive{.weight = value}.validate()), OptionError);
    CHECK_THROWS_AS((Contractive{.hessian_weight = value}.validate()), OptionError);
    CHECK_THROWS_AS((Contractive{.noise = value}.validate()), OptionError);
  }
  CHECK_THROWS_AS((Contractive{.noise = 0}.validate()), OptionError);
  CHECK_THROWS_AS((Contractive{.noise_draws = 0}.validate()), OptionError);
  CHECK_THROWS_AS((Contractive{Probes{0}}.validate()), OptionError);
  CHECK_NOTHROW((Contractive{Probes{4}, 0.1}.validate()));
  using Model = Shallow<6, 4>::Model<Contractive<>>;
  CHECK_THROWS_AS(Model(Contractive{.weight = -1}), OptionError);
}
