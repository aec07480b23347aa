// The gradient law: every layer with every loss, in double, against central differences.
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/gradient_check.hpp"
#include "laws/list.hpp"

using namespace laws;

namespace {

template <class L, class M, class Loss>
void check_layer() {
  Autoencoder<Encoder<Input<6>, Dense<5>, L, Dense<4>, Tanh>, Decoder<M>, Loss, Precision<double>> model;
  check_gradient(model, Text::of(detail::part_name(L{}), " under ", Loss::name, M::tied ? ", tied" : "").view());
}

template <class E, class D, class Loss = SquaredError>
void check_model(const char* name) {
  Autoencoder<E, D, Loss, Precision<double>> model;
  check_gradient(model, name);
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
TEST_CASE("gradients agree with central differences: Gaussian") { check_loss<Gaussian>(); }

TEST_CASE("every loss of the list has its case") {
  STATIC_REQUIRE(std::is_same_v<Losses, List<SquaredError, Bernoulli, Categorical, Huber, AbsoluteError, Gaussian>>);
}

TEST_CASE("gradients of tied weights are the sum of both layers'") {
  each(Layers{}, []<class L>() { check_layer<L, TiedMirror, SquaredError>(); });
}

TEST_CASE("the gradient is that of the objective with its penalties") {
  each(Mirrors{}, []<class M>() {
    each(ParameterPenalties{}, []<class P>() {
      Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>, Decoder<M>, SquaredError, P, Precision<double>> model{
          P{.weight = 0.7}};
      check_gradient(model, Text::of(P::kind, " at ", static_cast<long long>(P::at_layer)).view());
    });
  });
}

TEST_CASE("the gradient is that of the objective with penalties on a layer's output") {
  each(Mirrors{}, []<class M>() {
    each(SparsePenalties{}, []<class P>() {
      Autoencoder<Encoder<Input<6>, Dense<5>, Sigmoid, Dense<4>, Sigmoid>, Decoder<M>, SquaredError, P,
                  Precision<double>>
          model{P{{.weight = 0.7}}};
      check_gradient(model, Text::of(P::kind, ", ", P::term, " at ", static_cast<long long>(P::at_layer)).view());
    });
  });
}

TEST_CASE("gradients of what a loss learns itself") {
  each(LearnedLosses{}, []<class L>() {
    check_model<Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>, Decoder<Mirror>, L>(L::name.data());
  });
}

TEST_CASE("gradients of blocks with losses of their own, and of what these learn") {
  const MatrixX<double> inputs = 3 * (samples(8, 4, false, 9).array() - 0.5).matrix(), targets = table_samples(8, 4);
  const auto check = [&](auto model, std::string_view name) {
    model.initialize(2);
    Random random(5, Purpose::user);
    for (double& value : model.parameters()) value += 0.3 * random.normal();
    for (const std::span<const double> weights : {std::span<const double>(), std::span(sample_weights).first(4)}) {
      const auto error = gradient_error(model, inputs, targets, 1, 2, weights);
      INFO(name << (weights.empty() ? "" : ", weighted") << ", block of layer " << error.block.layer << ", kind "
                << static_cast<int>(error.block.kind));
      CHECK(error.worst <= 1e-7);
    }
  };
  using Coder = Encoder<Input<8>, Dense<5>, Tanh, Dense<4>>;
  check(Autoencoder<Coder, Decoder<Mirror>, MixedBlocks<8>, Precision<double>>(), "blocks");
  check(Autoencoder<Coder, Decoder<TiedMirror>, MixedBlocks<8>, Precision<double>>(), "blocks, tied");
  check(Autoencoder<Coder, Decoder<Mirror>, MixedBlocks<8>, Variational<>, Precision<double>>{
            Variational{KullbackLeibler{}, 2}},
        "blocks, two draws");
  check(Autoencoder<Coder, Decoder<Mirror>, MixedBlocks<8>, ImportanceWeighted, Precision<double>>{
            ImportanceWeighted{3}},
        "blocks, weighted draws");
}

TEST_CASE("gradients of layers that see an image, and of losses over its positions") {
  using Normed = Encoder<Image<3, 2, 2>, BatchNorm, Dense<5>, Tanh>;
  check_model<Normed, Decoder<Mirror>>("normalized input");
  check_model<Normed, Decoder<TiedMirror>, Categorical>("normalized input, a distribution for each position");
  check_model<Normed, Decoder<Mirror, BatchNorm, Gelu>>("normalized output");
  check_model<Encoder<Image<3, 2, 2>, Tanh, LayerNorm, Dense<5>>, Decoder<Mirror, LayerNorm>, Categorical>(
      "activated input");
  check_model<Encoder<Image<2, 2, 3>, Dense<5>, Silu>, Decoder<Mirror>, Categorical>("three channels");
}

// The buffers that a layer may overwrite depend on its neighbors and on what they save (`SavedForBackward`).
TEST_CASE("gradients of chains of layers that are not linear") {
  using Two = Decoder<Dense<6>>;
  check_model<Encoder<Input<6>, Dense<5>, Tanh, Gelu>, Two>("output saved, then input");
  check_model<Encoder<Input<6>, Dense<5>, Gelu, Tanh, Dense<4>>, Two>("input saved, then output");
  check_model<Encoder<Input<6>, Dense<5>, Silu, Gelu, Dense<4>>, Two>("inputs saved");
  check_model<Encoder<Input<6>, Dense<5>, Tanh, Sigmoid, Gelu, Softplus, Dense<4>>, Two>("four in a row");
  check_model<Encoder<Input<6>, Dense<5>, Gelu, LayerNorm, Dense<4>>, Two>("input saved, then a custom layer");
  check_model<Encoder<Input<6>, Dense<5>, Tanh, BatchNorm, Silu, Dropout, Dense<4>>, Two>("custom layers between");
  check_model<Encoder<Input<6>, Dense<5>, BatchNorm, LayerNorm, Tanh, Dense<4>>, Two>("two custom layers");
  check_model<Encoder<Input<6>, Gelu, Tanh, Dense<4>>, Decoder<Dense<6>, Tanh, Gelu>>("first and last");
}

TEST_CASE("gradients of what is not linear on both sides of the code") {
  check_model<Encoder<Input<6>, Dense<4>>, Decoder<Tanh, Dense<6>>>("output saved after the code");
  check_model<Encoder<Input<6>, Dense<4>>, Decoder<Gelu, Dense<6>>>("input saved after the code");
  check_model<Encoder<Input<6>, Dense<4>, Tanh>, Decoder<Gelu, Dense<6>>>("activations on both sides");
  check_model<Encoder<Input<6>, Dense<4>, Gelu>, Decoder<LayerNorm, Dense<6>>>("custom layer after the code");
  check_model<Encoder<Input<6>, Dense<4>, Tanh, BatchNorm>, Decoder<Mirror>>("batch normalization makes the code");
  check_model<Encoder<Input<6>, Dense<4>, Gelu, LayerNorm>, Decoder<TiedMirror>>("layer normalization makes the code");
}
