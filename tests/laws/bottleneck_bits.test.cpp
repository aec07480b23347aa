// The laws of equal bits for models with a bottleneck: fused and unfused training, any number of threads, one fit or
// two.
#include <cstddef>
#include <string_view>
#include <vector>

#include "support/toy_bottlenecks.hpp"
#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "laws/teams.hpp"

using namespace toy;

namespace {

// Wide enough that every product has several tasks.
template <class M, class P>
using Wide = Autoencoder<Encoder<Input<230>, Dense<210>, BatchNorm, LeakyRelu, Dense<120>>,
                         Decoder<M, LayerNorm, Dropout, Dense<230>>, SquaredError, P>;
template <class P>
using OfImages = Autoencoder<Encoder<Image<17, 16, 3>, Conv2d<24, 3, Stride<2>, Same>, Gelu, Conv2d<16, 3, Same>>,
                             Decoder<Mirror>, SquaredError, P>;

template <class Model>
MatrixX<float> data(const Model& model, Index count) {
  return laws::samples<float>(model.input_shape().size(), count, false);
}

template <class Model, class P>
std::vector<std::byte> train(const P& policy, typename Model::Options options, Index count) {
  Model model{policy};
  const auto untrained = bits(model);
  options.seed = 3;
  model.fit(data(model, count), Adam{}, options);
  REQUIRE((bits(model) != untrained));
  return bits(model);
}

/// Calls `visit(policy, name)` for every bottleneck. Vectors of 8 values suit both models.
template <class Visit>
void each_bottleneck(const Visit& visit) {
  visit(Variational{KullbackLeibler{}, 2}, "KL");
  visit(Variational{KullbackLeibler<LinearAnnealing>{.beta = 4, .free_bits = 0.1, .annealing = {.steps = 3}}},
        "annealed");
  visit(Variational<MaximumMeanDiscrepancy>{}, "MMD");
  visit(ImportanceWeighted{3}, "importance-weighted");
  visit(VectorQuantized<64>{.groups = 2}, "quantized");
}

}  // namespace

TEST_CASE("fused and unfused training give the same bits: bottlenecks") {
  each_bottleneck([]<class P>(const P& policy, std::string_view name) {
    const auto check = [&]<class Model>(std::type_identity<Model>) {
      typename Model::Options options{.epochs = 2, .batch_size = 25};
      const auto fused = train<Model>(policy, options, 60);
      options.fuse_updates = false;
      CHECK((fused == train<Model>(policy, options, 60)));
      options.trim = 0.2;
      options.sample_weights = std::vector<double>(60, 0.5);
      const auto trimmed = train<Model>(policy, options, 60);
      options.fuse_updates = true;
      CHECK((trimmed == train<Model>(policy, options, 60)));
      CHECK((trimmed != fused));
    };
    INFO(name);
    check(std::type_identity<Wide<Mirror, P>>());
    check(std::type_identity<Wide<TiedMirror, P>>());
    check(std::type_identity<OfImages<P>>());
  });
}

namespace {

template <class Model, class P>
void check_teams(const P& policy, Index count, std::string_view name) {
  INFO(name);
  for (const double trim : {0.0, 0.2})
    laws::check_teams({2, 3}, [&] {
      return train<Model>(policy, {.epochs = 1, .batch_size = count / 2, .trim = trim}, count);
    });
}

}  // namespace

// Draws and quantization take more than the 2^19 operations from which on several threads are used. In the last model
// the sums over codes do too, and have several tasks.
TEST_CASE("the same bits with any number of threads: bottlenecks") {
  each_bottleneck([]<class P>(const P& policy, std::string_view name) {
    check_teams<Wide<TiedMirror, P>>(policy, 400, name);
    check_teams<OfImages<P>>(policy, 200, name);
  });
  check_teams<OfImages<VectorQuantized<600>>>(VectorQuantized<600>{}, 200, "a large codebook");
}

TEST_CASE("two fits of two epochs give the bits of one of four: bottlenecks") {
  each_bottleneck([]<class P>(const P& policy, std::string_view name) {
    using Model = Wide<Mirror, P>;
    Model model{policy};
    const auto x = data(model, 60);
    for (int half = 0; half < 2; ++half) model.fit(x, Adam{}, {.epochs = 2, .batch_size = 25, .seed = 3});
    INFO(name);
    CHECK((bits(model) == train<Model>(policy, {.epochs = 4, .batch_size = 25}, 60)));
  });
}

TEST_CASE("the same results in inference with any number of threads: a large codebook") {
  OfImages<VectorQuantized<512>> model;
  const auto x = data(model, 100);
  set_threads(1);
  const MatrixX<float> one = model.encode(x);
  const MatrixX<Index> indices = code_indices(model, x);
  for (const int team : {2, 3}) {
    set_threads(team);
    CHECK(model.encode(x) == one);
    CHECK(code_indices(model, x) == indices);
  }
  set_threads(0);
  CHECK(indices.maxCoeff() > indices.minCoeff());
}
