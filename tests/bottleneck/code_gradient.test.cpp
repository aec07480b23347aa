// The doubly reparameterized gradient: the mean of the other, without its variance where the posterior is exact.
#include <cmath>

#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"

using namespace toy;

namespace {

/// The gradient of one batch by all parameters, its codes drawn from `seed`.
template <class Model>
VectorX<double> gradient(Model model, const MatrixX<double>& x, std::uint64_t seed, const SampleWeights& weights = {}) {
  const auto values = [&] {
    return VectorX<double>(Eigen::Map<const VectorX<double>>(model.parameters().data(),
                                                             static_cast<Index>(model.parameters().size())));
  };
  const VectorX<double> before = values();
  model.fit(x, Sgd{.learning_rate = 1},
            {.epochs = 1, .batch_size = x.cols(), .seed = seed, .shuffle = false, .sample_weights = weights});
  return before - values();
}

using Small = Autoencoder<Encoder<Input<4>, Dense<5>, Tanh, Dense<2>>, Decoder<Dense<5>, Tanh, Dense<4>>, Bernoulli,
                          ImportanceWeighted, Precision<double>>;

}  // namespace

TEST_CASE("both gradients of the weighted bound have one mean") {
  const OneThread one;
  const MatrixX<double> x = (MatrixX<double>::Random(4, 3).array() * 0.5 + 0.5).matrix();
  for (const Index codes : {1, 3}) {
    SampleWeights weights;
    if (codes > 1) weights = std::vector{0.0, 1.0, 2.5};
    Small plain{ImportanceWeighted{codes}}, doubly{ImportanceWeighted{codes, CodeGradient::doubly_reparameterized}};
    for (auto* model : {&plain, &doubly}) model->initialize(5);
    constexpr int times = 4000;
    const Index size = gradient(plain, x, 0).size();
    VectorX<double> sum = VectorX<double>::Zero(size), squares = sum;
    for (std::uint64_t seed = 0; seed < 2 * times; seed += 2) {
      const VectorX<double> difference = gradient(plain, x, seed, weights) - gradient(doubly, x, seed + 1, weights);
      sum += difference;
      squares += difference.cwiseAbs2();
    }
    for (Index i = 0; i < size; ++i) {
      const double mean = sum(i) / times, standard_error = std::sqrt((squares(i) / times - mean * mean) / times);
      INFO("codes " << codes << ", parameter " << i << ": " << mean << " beside " << standard_error);
      CHECK(std::abs(mean) <= 4.5 * standard_error);
    }
  }
}

TEST_CASE("an encoder whose posterior is exact learns nothing from doubly reparameterized codes") {
  const OneThread one;
  const MatrixX<double> x = MatrixX<double>::Random(2, 3);
  for (const Index codes : {1, 4})
    for (const auto by : {CodeGradient::reparameterized, CodeGradient::doubly_reparameterized}) {
      // The decoder sees nothing of the code: the posterior is the prior.
      auto model = plain(ImportanceWeighted{codes, by}, 0, {0, 0}, {0, 0});
      set(model, decoder_weight, {0, 0, 0, 0});
      const VectorX<double> g = gradient(model, x, 7);
      double most = 0;
      for (const Index block : {mean_weight, mean_bias, log_variance_weight, log_variance_bias}) {
        const auto& at = model.layout().block(block);
        most = std::max(most, g.segment(at.offset, at.size()).cwiseAbs().maxCoeff());
      }
      CHECK((most < 1e-12) == (by == CodeGradient::doubly_reparameterized));
    }
}

TEST_CASE("doubly reparameterized codes are refused where a code's gradient depends on more than its own loss") {
  constexpr auto doubly = CodeGradient::doubly_reparameterized;
  using E = Encoder<Input<4>, Dense<5>, Tanh, Dense<2>>;
  using Normalized = Decoder<Dense<5>, BatchNorm, Dense<4>>;
  using Plain = Decoder<Dense<5>, Tanh, Dense<4>>;
  const auto make = []<class D, class... P>(const P&... policies) {
    Autoencoder<E, D, Bernoulli, P..., Precision<double>> model{policies...};
    return model.parameter_count();
  };
  const Sparse<L1> on_the_code{{.weight = 0.1}};
  const Sparse<L1, AtLayer<4>> on_decoder{{.weight = 0.1}};
  CHECK_THROWS_AS((make.operator()<Normalized>(ImportanceWeighted{3, doubly})), OptionError);
  CHECK_THROWS_AS((make.operator()<Plain>(ImportanceWeighted{3, doubly}, on_decoder)), OptionError);
  CHECK_NOTHROW(make.operator()<Normalized>(ImportanceWeighted{3}));
  CHECK_NOTHROW(make.operator()<Plain>(ImportanceWeighted{3}, on_decoder));
  CHECK_NOTHROW(make.operator()<Plain>(ImportanceWeighted{3, doubly}, on_the_code));
}
