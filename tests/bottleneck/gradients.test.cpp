// The gradient law for bottlenecks: draws frozen, in double, against central differences.
#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"
#include "laws/gradient_check.hpp"
#include "laws/list.hpp"

using namespace toy;

namespace gradients_test {
namespace {

template <class E, class D, class Loss = SquaredError, class P>
void check(const P& policy, std::string_view name) {
  Autoencoder<E, D, Loss, P, Precision<double>> model{policy};
  laws::check_gradient(model, name);
}

using Flat = Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>;
using OfImages = Encoder<Image<6, 6, 2>, Conv2d<3, 3, Stride<2>>, Gelu, Conv2d<2, 2>>;

template <class P>
void check_everywhere(const P& policy, std::string_view name) {
  check<Flat, Decoder<Mirror>>(policy, name);
  check<Flat, Decoder<TiedMirror>>(policy, name);
  check<OfImages, Decoder<Mirror>>(policy, name);
}

}  // namespace

TEST_CASE("gradients of every bottleneck, divergence and annealing") {
  laws::each(laws::Bottlenecks{}, []<class P>() {
    for (const Index codes : {1, 4}) {
      P policy;
      policy.codes_per_sample = codes;
      check_everywhere(policy, Text::of(P::kind, ", codes: ", static_cast<long long>(codes)).view());
    }
  });
  laws::each(laws::Divergences{}, []<class D>() {
    check_everywhere(Variational<D>{}, D::name);
    check_everywhere(Variational{D{}, 2}, Text::of(D::name, ", two codes").view());
  });
  laws::each(laws::Annealings{}, []<class A>() {
    A annealing;
    if constexpr (requires { annealing.steps; }) annealing.steps = 5;  // in the midst of it
    if constexpr (requires { annealing.period; }) annealing.period = 9;
    if (!std::is_same_v<A, NoAnnealing>) CHECK((annealing.factor(2) > 0 && annealing.factor(2) < 1));
    check_everywhere(Variational{KullbackLeibler<A>{.annealing = annealing}}, A::name);
  });
  check_everywhere(Variational{KullbackLeibler{.beta = 4, .free_bits = 0.5}}, "free nats");
}

TEST_CASE("gradients of bottlenecks under other losses, one that learns too") {
  check<Flat, Decoder<Mirror>, Bernoulli>(Variational{KullbackLeibler{}, 2}, "Bernoulli");
  check<Flat, Decoder<Mirror>, Bernoulli>(ImportanceWeighted{3}, "weighted, Bernoulli");
  check<Flat, Decoder<Mirror>, LearnedGaussian>(Variational{KullbackLeibler{}, 2}, "learned variance");
  check<Flat, Decoder<Mirror>, LearnedGaussian>(ImportanceWeighted{3}, "weighted, learned variance");
  check<OfImages, Decoder<Mirror>, Categorical>(ImportanceWeighted{3}, "weighted, categorical");
}

TEST_CASE("gradients of bottlenecks beside layers of every sort") {
  const auto both = []<class E, class D>(std::string_view name) {
    check<E, D>(Variational{KullbackLeibler{}, 3}, name);
    check<E, D>(ImportanceWeighted{3}, name);
  };
  both.operator()<Encoder<Input<6>, Dense<3>>, Decoder<Dense<6>>>("a single layer");
  both.operator()<Encoder<Input<6>, Dense<3>>, Decoder<TiedMirror>>("a single layer, tied");
  both.operator()<Encoder<Input<6>, Dense<3, WithoutBias>>, Decoder<Mirror>>("no bias");
  both.operator()<Flat, Decoder<Tanh, Dense<6>>>("an activation after the code");
  both.operator()<Flat, Decoder<Gelu, Tanh, Dense<6>>>("two");
  both.operator()<Flat, Decoder<LayerNorm, Dense<5>, Dropout, Silu, Dense<6>>>("dropout in the decoder");
  both.operator()<Encoder<Input<6>, Dense<5>, BatchNorm, Dropout, Dense<3>>, Decoder<Dense<5>, BatchNorm, Dense<6>>>(
      "batch normalization");
  both.operator()<Flat, Decoder<Dense<4>, Tanh, SkipAdd<AtLayer<4>>, Dense<6>>>("a skip within the decoder");
  both.operator()<Encoder<Input<6>, Dense<6>, SkipAdd<AtLayer<0>>, Dense<3>>, Decoder<Mirror>>(
      "a skip within the encoder");
  both.operator()<Flat, Decoder<SkipConcatenate<AtLayer<2>>, Dense<6>>>("a skip from the code");
}

TEST_CASE("gradients of bottlenecks beside other policies") {
  const auto beside = []<class... P>(std::string_view name, const P&... policies) {
    Autoencoder<Flat, Decoder<TiedMirror, Tanh, Dense<6>>, SquaredError, P..., Precision<double>> model{policies...};
    laws::check_gradient(model, name);
  };
  beside("weight decay", Variational{KullbackLeibler{}, 2}, WeightDecay<>{.weight = 0.7});
  beside("penalties on the mean code and after it", Variational{KullbackLeibler{}, 2}, Sparse<L1>{{.weight = 0.3}},
         Sparse<L1, AtLayer<4>>{{.weight = 0.2}});
  beside("penalties, weighted", ImportanceWeighted{3}, Sparse<L1>{{.weight = 0.3}},
         Sparse<L1, AtLayer<4>>{{.weight = 0.2}});
  beside("contraction", Variational{KullbackLeibler{}, 2}, Contractive<>{});
  beside("corruption", ImportanceWeighted{2}, Denoising<>{.corrupted_weight = 2});
}

}  // namespace gradients_test
