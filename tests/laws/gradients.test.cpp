// The gradient law: every layer under every loss, in double, against central differences.
#include <eigencoder/autoencoder.hpp>
#include <eigencoder/laws.hpp>

#include "catch.hpp"
#include "laws/list.hpp"
#include "laws/samples.hpp"

using namespace laws;

namespace {

constexpr double bound = 1e-7;

/// Inputs are larger than targets, so that outputs and activations spread over both sides of every kink.
template <class Model>
void check(Model& model, const Text& name) {
  model.initialize(2);
  // Nothing may start at a symmetric point: biases and normalization move off zero and one.
  Random random(5, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  const auto targets = samples(6, 4);
  const MatrixX<double> inputs = 3 * (samples(6, 4, false, 9).array() - 0.5).matrix();
  const auto error = gradient_error(model, inputs, targets, 1, 2);
  INFO(name.view() << ", block of layer " << error.block.layer << ", kind " << static_cast<int>(error.block.kind));
  CHECK(error.worst <= bound);
}

template <class L, class M, class Loss>
void check_layer() {
  Autoencoder<Encoder<Input<6>, Dense<5>, L, Dense<4>, Tanh>, Decoder<M>, Loss, Precision<double>> model;
  check(model, Text::of(detail::part_name(L{}), " under ", Loss::name, M::tied ? ", tied" : ""));
}

template <class Loss>
void check_loss() {
  each(Layers{}, []<class L>() { check_layer<L, Mirror, Loss>(); });
}

}  // namespace

TEST_CASE("gradients agree with central differences: squared error") { check_loss<SquaredError>(); }
TEST_CASE("gradients agree with central differences: Bernoulli") { check_loss<Bernoulli>(); }
TEST_CASE("gradients agree with central differences: categorical") { check_loss<Categorical>(); }
TEST_CASE("gradients agree with central differences: Huber") { check_loss<Huber>(); }
TEST_CASE("gradients agree with central differences: absolute error") { check_loss<AbsoluteError>(); }

TEST_CASE("every loss of the list has its case") {
  STATIC_REQUIRE(std::is_same_v<Losses, List<SquaredError, Bernoulli, Categorical, Huber, AbsoluteError>>);
}

TEST_CASE("gradients of tied weights are the sum of both layers'") {
  each(Layers{}, []<class L>() { check_layer<L, TiedMirror, SquaredError>(); });
}

TEST_CASE("penalties enter the gradient as they enter the objective") {
  each(Mirrors{}, []<class M>() {
    each(Penalties{}, []<class P>() {
      Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>, Decoder<M>, SquaredError, P, Precision<double>> model{
          P{.weight = 0.7}};
      check(model, Text::of(P::kind, " at ", static_cast<long long>(P::place)));
    });
  });
}
