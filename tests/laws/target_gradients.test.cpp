// The gradient law for models whose targets have a shape of their own: with every loss, and with every policy.
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/target.hpp>
#include <eigencoder/testing.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "laws/list.hpp"
#include "laws/pairs/frozen.hpp"
#include "laws/pairs/stacks.hpp"
#include "laws/samples.hpp"

using namespace laws;

namespace {

/// A model for targets of twice the height and width and another number of channels.
template <class Code, class Loss = SquaredError>
using Enlarging = Parts<Code, Decoder<UpsampleTo<4, 6>, Tanh, Conv2d<2, 3, Same>>, Loss>;
using Linear = Enlarging<Encoder<Image<2, 3, 1>, Conv2d<3, 2>, Silu, Conv2d<3, 1>>>;
using Fraction = Enlarging<Encoder<Image<2, 3, 1>, Conv2d<3, 2>, Silu, Conv2d<3, 1>, Sigmoid>>;
using Selection = Enlarging<Encoder<Image<2, 3, 1>, Conv2d<3, 2>, Silu, Conv2d<3, 1>, TopK<4>>>;
using Firing = Enlarging<Encoder<Image<2, 3, 1>, Conv2d<3, 2>, Silu, Conv2d<3, 1>, WideJumpRelu>>;
using Shallow = Parts<Encoder<Image<2, 3, 1>, Dense<8>, TopK<3>>, Decoder<Dense<48>>>;
using Enlarged = Target<Image<4, 6, 2>>;

template <class Model>
void unsettle(Model& model) {
  model.initialize(2);
  Random random(5, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
}

const MatrixX<double> inputs = samples(6, 5, false, 9);

template <class Stack, class P>
void check_policy() {
  using Smooth = ModelOf<typename SurrogateStack<Stack>::type, typename Surrogate<P>::type, Enlarged>;
  std::vector<double> frozen;
  P policy = Value<P>::make();
  if constexpr (Emphasizes<P>) policy.corrupted_weight = policy.intact_weight = 1;
  Smooth model{surrogate(policy, frozen)};
  unsettle(model);
  if constexpr (std::is_same_v<P, AuxiliaryTopK>)
    for (std::size_t i = 0; i < model.statistics().size(); i += 2) model.statistics()[i] = 1000;
  const MatrixX<double> targets = samples(48, 5, false, 4);
  std::vector<double> gradient(model.parameters().size());
  FrozenJumpRelu::record();
  model.gradient(inputs, targets, gradient, 1, 2);
  FrozenJumpRelu::replay();
  CHECK(gradient_error(model, inputs, targets, 1, 2).worst <= 1e-7);
}

template <class Loss>
void check_loss() {
  INFO(Loss::name);
  using Code = typename Linear::encoder;
  ModelOf<Enlarging<Code, Loss>, Enlarged> model;
  unsettle(model);
  const MatrixX<double> targets = samples(2, 24 * 5).reshaped(48, 5);
  for (const auto weights : {std::span<const double>(), std::span<const double>(sample_weights)})
    CHECK(gradient_error(model, inputs, targets, 1, 2, weights).worst <= 1e-7);
}

}  // namespace

TEST_CASE("gradients by targets of another shape, with every loss") {
  each(Losses{}, []<class Loss>() { check_loss<Loss>(); });
  each(LearnedLosses{}, []<class Loss>() { check_loss<Loss>(); });
}

TEST_CASE("gradients by targets of another size, with losses of their own for blocks") {
  Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>, Decoder<Dense<9>>, MixedBlocks<9>, Target<Input<9>>,
              Precision<double>>
      model;
  unsettle(model);
  CHECK(gradient_error(model, samples(6, 5, false, 9), table_samples(9, 5), 1, 2, sample_weights).worst <= 1e-7);
}

TEST_CASE("gradients by targets of another shape, where the decoder reads the encoder") {
  Autoencoder<Encoder<Image<2, 3, 1>, Identity, Conv2d<4, 2>, Tanh>,
              Decoder<UpsampleTo<2, 3>, SkipConcatenate<AtLayer<0>>, Conv2d<8, 3, Same>, PixelShuffle<2>>, SquaredError,
              Target<Image<4, 6, 2>>, Precision<double>>
      model;
  unsettle(model);
  CHECK(gradient_error(model, inputs, samples(48, 5, false, 4), 1, 2, sample_weights).worst <= 1e-7);
}

TEST_CASE("gradients by weighted classes") {
  Autoencoder<Encoder<Input<6>, Dense<5>, Tanh>, Decoder<Dense<6>, Reshape<2, 1, 3>>, Categorical,
              Target<Image<2, 1, 3>>, Precision<double>>
      model{Categorical{{0.2, 3, 0}}};
  unsettle(model);
  const MatrixX<double> distributions = samples(3, 10).reshaped(6, 5);
  CHECK(gradient_error(model, samples(6, 5, false, 9), distributions, 1, 2, sample_weights).worst <= 1e-7);
  MatrixX<double> classes(2, 5);
  classes << 0, 1, 2, 1, 1, 2, 0, 0, 1, 2;
  CHECK(gradient_error(model, samples(6, 5, false, 9), classes, 1, 2).worst <= 1e-7);
}

TEST_CASE("gradients by targets of another shape, with every policy") {
  each(Policies{}, []<class P>() {
    INFO(detail::type_name<P>().view());
    const auto legal = []<class Stack>(std::type_identity<Stack>) { return legal_on<Stack, P, Enlarged>; };
    if constexpr (legal(std::type_identity<Linear>())) check_policy<Linear, P>();
    else if constexpr (legal(std::type_identity<Fraction>())) check_policy<Fraction, P>();
    else if constexpr (legal(std::type_identity<Selection>())) check_policy<Selection, P>();
    else if constexpr (legal(std::type_identity<Firing>())) check_policy<Firing, P>();
    else if constexpr (legal(std::type_identity<Shallow>())) check_policy<Shallow, P>();
    else FAIL_CHECK("no stack for this policy");
  });
}
