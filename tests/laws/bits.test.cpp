// The laws of equal bits: fused and unfused training, any number of threads, and every run.
#include <cstring>
#include <limits>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/augmentation/augmented.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/toy_models.hpp"
#include "laws/list.hpp"
#include "laws/samples.hpp"
#include "laws/teams.hpp"

using namespace laws;

namespace {

// Wide enough that every product has several tasks, and for several threads.
template <class M, class... Policies>
using Wide = Autoencoder<Encoder<Input<230>, Dense<210>, BatchNorm, LeakyRelu, Dropout, Dense<120>, LayerNorm, Tanh>,
                         Decoder<M>, SquaredError, Policies...>;

template <class Model, class O>
std::vector<std::byte> train(const O& optimizer, typename Model::Options options, Index count = 60,
                             Index batch_size = 25) {
  Model model;
  auto x = samples<float>(model.input_shape().size(), count, false);
  if constexpr (Model::allows_missing)
    for (Index i = 0; i < x.size(); i += 7) x.data()[i] = std::numeric_limits<float>::quiet_NaN();
  options.batch_size = batch_size;
  options.seed = 3;
  const auto untrained = bits(model);
  model.fit(x, optimizer, options);
  REQUIRE((bits(model) != untrained));
  return bits(model);
}

template <class Model>
void fused_is_unfused() {
  each_optimizer([](const char* name, const auto& optimizer) {
    for (const double clip : {0.0, 1e-3}) {
      typename Model::Options options{.epochs = 4};
      if (clip > 0) options.clip_value = clip;
      const auto fused = train<Model>(optimizer, options);
      options.fuse_updates = false;
      INFO(name << ", clip " << clip);
      CHECK((fused == train<Model>(optimizer, options)));
    }
  });
}

}  // namespace

TEST_CASE("fused and unfused training give the same bits") { fused_is_unfused<Wide<Mirror>>(); }
TEST_CASE("fused and unfused training give the same bits: tied weights") { fused_is_unfused<Wide<TiedMirror>>(); }
TEST_CASE("fused and unfused training give the same bits: penalties") {
  each(ParameterPenalties{}, []<class P>() {
    if constexpr (P::at_layer != 2) fused_is_unfused<Wide<TiedMirror, P>>();
    else fused_is_unfused<Autoencoder<Encoder<Input<230>, Dense<210>, Tanh, Dense<120>>, Decoder<Mirror>, Huber, P>>();
  });
}

TEST_CASE("50 steps give the same bits with any number of threads, and on every run") {
  using Model = Wide<TiedMirror, WeightDecay<>>;
  const typename Model::Options options{.epochs = 17, .validation_split = 0.1};  // 3 batches each: 51 steps
  for (const bool clip : {false, true}) {
    auto clipped = options;
    if (clip) clipped.clip_norm = 0.5;
    check_teams({1, 2, 3, 8, 64}, [&] { return train<Model>(Adam{}, clipped); });
  }
}

namespace {

// Several threads are used from 2^19 operations on: batches of 400 are large enough for every layer, loss and
// augmentation...
using Threaded = Autoencoder<
    Encoder<Image<10, 9, 3>, Dense<210>, BatchNorm, LeakyRelu, Dropout, Dense<180>, LayerNorm, Gelu>, Decoder<Mirror>,
    SquaredError, Augmented<HorizontalFlip, Shift>>;
// ... and this output is wide enough for the gradient of its bias.
using WideBias = Autoencoder<Encoder<Input<2100>, Dense<2>>, Decoder<Mirror>, Bernoulli>;

template <class Model>
void bits_do_not_depend_on_the_team() {
  check_teams({1, 2, 3, 8}, [] { return train<Model>(Adam{}, {.epochs = 2}, 800, 400); });
}

}  // namespace

TEST_CASE("the same bits, fused or not, with any number of threads: activations that learn or select") {
  // Some values lie close to the thresholds, and a penalty moves the thresholds.
  struct Wide : JumpRelu {
    constexpr Wide() : JumpRelu{.initial_threshold = 0.3, .bandwidth = 0.3} {}
  };
  struct Aimed : Sparse<L0, AtLayer<1>> {
    constexpr Aimed() : Sparse{L0{.weight = 1, .target = 20}} {}
  };
  using Code = Encoder<Input<230>, Dense<210>, Wide, Dense<180>, BatchTopK<60>, Dense<120>, LayerNorm, TopK<30>>;
  using Model = Autoencoder<Code, Decoder<TiedMirror>, Huber, Aimed>;
  fused_is_unfused<Model>();
  bits_do_not_depend_on_the_team<Model>();
}

TEST_CASE("the same bits, fused or not, with any number of threads: blocks with losses of their own, and gaps") {
  // Gaussian columns beyond one tile of a gradient, and samples that are trimmed.
  struct WideBlocks : Blocks {
    constexpr WideBlocks() {
      if (!std::is_constant_evaluated())
        blocks = {{"numbers", 150, BlockLoss::gaussian}, {"flags", 50, BlockLoss::bernoulli},
                  {"more", 30, BlockLoss::gaussian, 0.5}};
    }
  };
  using Model = Autoencoder<Encoder<Input<230>, Dense<210>, Tanh, Dense<120>>, Decoder<Mirror>, WideBlocks,
                            MissingValues<MaskAsInput>>;
  fused_is_unfused<Model>();
  check_teams({1, 2, 3, 8}, [] { return train<Model>(Adam{}, {.epochs = 2, .trim = 0.1}, 800, 400); });
}

TEST_CASE("the same bits, fused or not, with any number of threads: weights of samples, and trimming") {
  typename Threaded::Options options{.epochs = 2, .trim = 0.3};
  std::vector<double> weights;
  for (int j = 0; j < 800; ++j) weights.push_back(0.4 * (j % 5));
  options.sample_weights = weights;
  const auto run = [&] { return train<Threaded>(Adam{}, options, 800, 400); };
  check_teams({1, 2, 3, 8}, run);
  const auto fused = run();
  options.fuse_updates = false;
  CHECK((fused == run()));
  options.trim = 0;
  CHECK((fused != run()));
}

namespace {

// 100 images of these sizes take more than 2^19 operations in every layer except the smallest activations.
using Stacked = Residual<Conv2d<12, 3, Same>, BatchNorm, Tanh, Conv2d<12, 3, Same, Groups<3>>>;
template <class M, class... Policies>
using Convolutional =
    Autoencoder<Encoder<Image<19, 18, 3>, Conv2d<12, 3, Same>, BatchNorm, LeakyRelu, MaxPool2d<2>, Stacked, Gelu,
                        Dropout2d, LayerNorm2d, AveragePool2d<2>, Conv2d<10, 3>, Tanh, Dense<60>>,
                Decoder<M, SkipConcatenate<AtLayer<2>>, Conv2d<3, 3, Same>>, SquaredError, Policies...>;
using Unpooled = Autoencoder<
    Encoder<Image<20, 20, 3>, Conv2d<12, 3, Same>, Tanh, MaxPool2d<2>, Conv2d<20, 3, Stride<2>, Same>, Relu>,
    Decoder<ConvTranspose2d<12, 3, Stride<2>, Padding<1>, OutputPadding<1>>, Gelu, SkipAdd<AtLayer<2>>,
            MaxUnpool2d<AtLayer<2>>, SkipAdd<AtLayer<1>>, Upsample<2, Bilinear>, UpsampleTo<20, 20>, Conv2d<3, 1>>,
    SquaredError, Augmented<Crop, Rotation, Hue, HorizontalFlip>>;

template <class Model>
void fused_is_unfused_on_images() {
  for (const bool momentum : {false, true}) {
    typename Model::Options options{.epochs = 2, .clip_value = 1e-3};
    const auto run = [&] {
      return momentum ? train<Model>(Sgd{.learning_rate = 1e-2, .momentum = 0.9}, options)
                      : train<Model>(Adam{}, options);
    };
    const auto fused = run();
    options.fuse_updates = false;
    CHECK((fused == run()));
  }
}

template <class Model>
void image_bits_do_not_depend_on_the_team() {
  check_teams({1, 2, 3, 8}, [] { return train<Model>(Adam{}, {.epochs = 1}, 200, 100); });
}

}  // namespace

TEST_CASE("fused and unfused training give the same bits: layers on images") {
  fused_is_unfused_on_images<Convolutional<Mirror>>();
  fused_is_unfused_on_images<Convolutional<TiedMirror, WeightDecay<>>>();
  fused_is_unfused_on_images<Unpooled>();
}
TEST_CASE("the same bits with any number of threads: layers on images, skip connections, augmentation") {
  image_bits_do_not_depend_on_the_team<Convolutional<TiedMirror, Augmented<Shift>>>();
  image_bits_do_not_depend_on_the_team<Unpooled>();
}

TEST_CASE("the same bits with any number of threads where every layer is cut up") {
  bits_do_not_depend_on_the_team<Threaded>();
}
TEST_CASE("the same bits with any number of threads where a bias is cut up") {
  bits_do_not_depend_on_the_team<WideBias>();
}

namespace {

// Penalties on the Jacobian of each kind of layer. After a dense first layer they use its Gram matrix.
template <class Penalty>
using ContractedWide = Autoencoder<Encoder<Input<230>, Dense<210>, LeakyRelu, Dropout, Dense<12>, LayerNorm, Tanh>,
                                   Decoder<TiedMirror>, SquaredError, Penalty>;
template <class Penalty>
using ContractedImages =
    Autoencoder<Encoder<Image<19, 18, 3>, Conv2d<12, 3, Same>, Gelu, MaxPool2d<2>,
                        Residual<Conv2d<12, 3, Same>, LayerNorm2d, Tanh>, Conv2d<10, 3>, Sigmoid, Dense<4>>,
                Decoder<Mirror>, SquaredError, Penalty>;
template <class Penalty>
using ContractedOnce =
    Autoencoder<Encoder<Input<230>, Dense<300>, Sigmoid>, Decoder<TiedMirror>, SquaredError, Penalty>;

template <class Model>
void contracted_bits() {
  typename Model::Options options{.epochs = 2, .clip_value = 1e-3};
  const auto fused = train<Model>(Adam{}, options, 30);
  options.fuse_updates = false;
  CHECK((fused == train<Model>(Adam{}, options, 30)));
  check_teams({2, 3}, [] { return train<Model>(Adam{}, {.epochs = 1}, 60, 60); });
}

}  // namespace

TEST_CASE("the same bits, fused or not, with any number of threads: penalties on the Jacobian") {
  struct Noisy : Contractive<> {
    constexpr Noisy() { hessian_weight = 0.5; }
  };
  const auto check = []<class P>() {
    contracted_bits<ContractedWide<P>>();
    contracted_bits<ContractedImages<P>>();
    contracted_bits<ContractedOnce<P>>();
  };
  each(JacobianPenalties{}, check);
  each(List<Noisy>{}, check);
}
