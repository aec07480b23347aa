#pragma once

// Everything that the laws hold for. A header of corruption/, layers/, bottleneck/, losses/, penalties/ or
// optimizers/ that is not included here fails the build (cmake/check_list.cmake): include it, and add what it holds to
// its list.
#include <eigencoder/augmentation/augmented.hpp>
#include <eigencoder/bottleneck/importance_weighted.hpp>
#include <eigencoder/bottleneck/kullback_leibler.hpp>
#include <eigencoder/bottleneck/maximum_mean_discrepancy.hpp>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/corruption/downscale.hpp>
#include <eigencoder/corruption/grayscale.hpp>
#include <eigencoder/corruption/missing_values.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/corruption/overlay.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/pixel_shuffle.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/block.hpp>
#include <eigencoder/losses/blocks.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>
#include <eigencoder/model/frozen.hpp>
#include <eigencoder/optimizers/adagrad.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/rmsprop.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/auxiliary_top_k.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/kl_sparsity.hpp>
#include <eigencoder/penalties/l0.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <span>
#include <type_traits>

namespace laws {

using namespace eigencoder;

template <class... Ts>
struct List {};

template <class First, class Second>
struct Joined;
template <class... First, class... Second>
struct Joined<List<First...>, List<Second...>> {
  using type = List<First..., Second...>;
};

// Tested as functions of one value (tests/layers/activations.test.cpp) and as layers.
using Activations = List<Identity, Relu, LeakyRelu, Elu, Selu, Gelu, Silu, Softplus, Sigmoid, Tanh>;
// Each is tested between two dense layers and, mirrored, in the decoder.
using Layers = Joined<Activations, List<Dense<5>, Dense<5, WithoutBias>, BatchNorm, LayerNorm, Dropout, TopK<3>,
                                        BatchTopK<3>, JumpRelu>>::type;
using Mirrors = List<Mirror, TiedMirror>;
using Losses = List<SquaredError, Bernoulli, Categorical, Huber, AbsoluteError, Gaussian>;
using LearnedLosses = List<LearnedGaussian>;
/// `Blocks` of every loss for samples of `Size` values, 7 at least; values 2 to 4 are a distribution. Not every
/// compiler makes strings at compile time, where a model's type needs a default value.
template <Index Size>
struct MixedBlocks : Blocks {
  constexpr MixedBlocks() {
    if (!std::is_constant_evaluated())
      blocks = {{"size", 2, BlockLoss::gaussian, 0.7},
                {"color", 3, BlockLoss::categorical, 1.5},
                {"sold", 1, BlockLoss::bernoulli, 2},
                {"", Size - 6, BlockLoss::squared_error}};
  }
};
/// An `Overlay` of a mark with colors and one without. Not every compiler makes vectors at compile time, where a
/// model's type needs a default value.
struct TwoMarks : Overlay {
  constexpr TwoMarks() {
    if (!std::is_constant_evaluated()) {
      marks = {{{1, 2, 4}, {0.9F, 0.1F, 0.2F, 1, 0.3F, 0.8F, 0.4F, 0.5F}}, {{2, 1, 2}, {0, 0.6F, 1, 0.25F}}};
      count = 2;
      min_width = 1;
      max_width = 3;
    }
  }
};
// Policies on the input.
using Corruptions = List<Denoising<NoCorruption>, Denoising<GaussianNoise>, Denoising<Masking>,
                         Denoising<SaltAndPepper>, Denoising<OutlierNoise>, Denoising<BlockErasure>, Denoising<Blur>,
                         Denoising<Downscale>>;
// Those of images with colors.
using ColorCorruptions = List<Denoising<Grayscale>, Denoising<TwoMarks>>;
/// Every corruption that suits a shape, one after another: for laws about what stands beside a corruption.
struct EveryCorruption {
  static constexpr std::string_view name = "EveryCorruption";
  void validate() const {}

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const auto apply = [&]<class C>(std::type_identity<Denoising<C>>) {
      C corruption;
      if constexpr (requires { corruption.blocks; }) corruption.height = corruption.width = 2;  // something stays
      if (diagnose_corruption(corruption, shape).ok()) corruption.corrupt(sample, shape, random);
    };
    const auto apply_all = [&]<class... D>(List<D...>) { (apply(std::type_identity<D>()), ...); };
    apply_all(Corruptions());
    apply_all(ColorCorruptions());
  }
};
using Annealings = List<NoAnnealing, LinearAnnealing, CyclicalAnnealing>;
using Divergences = List<KullbackLeibler<>, MaximumMeanDiscrepancy>;
using Bottlenecks = List<Variational<>, ImportanceWeighted>;
// Bottlenecks with a straight-through gradient.
using Quantizers = List<VectorQuantized<9>>;
// On parameters.
using ParameterPenalties = List<WeightDecay<>, WeightDecay<AtLayer<2>>>;
// Each is tested alone and in pairs, see pairs/.
using Policies = List<Augmented<HorizontalFlip, Shift>, Denoising<Masking>, Denoising<EveryCorruption>, WeightDecay<>,
                      WeightDecay<AtLayer<0>>, Sparse<L1>, Sparse<L1, AtLayer<1>>, Sparse<KlSparsity>, Sparse<L0>,
                      Contractive<>, Contractive<Probes>, Variational<>, Variational<MaximumMeanDiscrepancy>,
                      ImportanceWeighted, VectorQuantized<5>, AuxiliaryTopK, MissingValues<>,
                      MissingValues<MaskAsInput>, Frozen<AtLayer<0>>>;

// Penalties on activations: each is tested in `Sparse` on a code of `Sigmoid`. A new one is named here, and in Policies
// where it has state or options that another policy could disturb.
using SparsePenalties = List<Sparse<L1>, Sparse<KlSparsity>, Sparse<KlSparsity, AtLayer<1>>>;

// For the models of contracted.hpp.
using JacobianPenalties = List<Contractive<Exact>, Contractive<Probes>>;

// Skip layers: each has its compositions in image_gradients.test.cpp.
using SkipLayers = List<SkipAdd<AtLayer<0>>, SkipConcatenate<AtLayer<0>>, MaxUnpool2d<AtLayer<0>>, Residual<Tanh>>;

/// A window of a convolution, by value, so that all have one type of layer.
struct WindowCase {
  Index channels, rows, cols, down, right, dilation, padding, groups;
  Shape in;

  Conv2d<Dynamic, Dynamic, KernelWidth<>, Stride<>, Dilation<>, Padding<>, Groups<>> convolution() const {
    return {channels, rows, KernelWidth{cols}, Stride{down, right}, Dilation{dilation}, Padding{padding},
            Groups{groups}};
  }
  Conv2d<Dynamic, Dynamic, KernelWidth<>, Stride<>, Dilation<>, Same, Groups<>, WithoutBias> same() const {
    return {channels, rows, KernelWidth{cols}, Stride{down, right}, Dilation{dilation}, Same{}, Groups{groups},
            WithoutBias{}};
  }
  ConvTranspose2d<Dynamic, Dynamic, KernelWidth<>, Stride<>, Dilation<>, Padding<>, OutputPadding<>, Groups<>>
  transposed() const {
    return {channels, rows, KernelWidth{cols}, Stride{down, right}, Dilation{dilation}, Padding{padding},
            OutputPadding{down - 1, right - 1}, Groups{groups}};
  }
  ConvTranspose2d<Dynamic, Dynamic, KernelWidth<>, Stride<>, Dilation<>, Same, Groups<>, WithoutBias>
  transposed_same() const {
    return {channels, rows, KernelWidth{cols}, Stride{down, right}, Dilation{dilation}, Same{}, Groups{groups},
            WithoutBias{}};
  }
};

inline constexpr WindowCase window_cases[] = {
    {3, 3, 3, 1, 1, 1, 0, 1, {5, 5, 2}},    // plain
    {2, 3, 3, 1, 1, 1, 1, 1, {6, 7, 3}},    // padded
    {4, 3, 3, 2, 2, 1, 1, 1, {7, 6, 1}},    // strided: rows left over
    {4, 2, 2, 2, 1, 1, 0, 2, {5, 4, 2}},    // two groups
    {6, 3, 2, 1, 2, 1, 1, 6, {6, 5, 6}},    // depthwise
    {6, 3, 3, 2, 2, 1, 0, 3, {7, 7, 3}},    // depthwise, two channels each
    {4, 3, 2, 2, 1, 2, 1, 2, {8, 7, 4}},    // gaps between the taps
    {2, 2, 3, 1, 1, 3, 2, 1, {5, 4, 3}},    // gaps wider than the rest of the image
    {5, 1, 1, 1, 1, 1, 0, 1, {4, 3, 6}},    // 1 x 1: the patches are the image
    {4, 1, 1, 1, 1, 1, 0, 2, {3, 4, 6}},    // 1 x 1 in groups
    {3, 1, 1, 2, 3, 1, 0, 1, {5, 7, 2}},    // 1 x 1 that skips values
    {2, 2, 2, 3, 4, 1, 0, 1, {8, 9, 3}},    // a stride larger than the kernel
    {3, 3, 3, 9, 8, 1, 1, 1, {4, 5, 2}},    // a stride larger than the image
    {3, 1, 5, 1, 1, 1, 2, 1, {2, 6, 2}},    // a row
    {3, 4, 1, 1, 1, 1, 1, 1, {6, 2, 2}},    // a column
    {7, 3, 3, 1, 1, 1, 1, 1, {1, 1, 4}},    // one pixel
    {2, 1, 1, 1, 1, 1, 0, 1, {1, 1, 1}},    // one value
    {2, 3, 3, 1, 1, 1, 4, 1, {2, 3, 1}},    // positions that see only zeros
    {20, 3, 3, 1, 1, 1, 1, 1, {9, 8, 40}},  // enough channels for several tasks per row of the kernel
};

/// Calls `visit(layer, in)` for every linear layer in all kinds of settings.
template <class Visit>
void each_linear(const Visit& visit) {
  visit(Dense{5}, Shape::flat(7));
  visit(Dense{1}, Shape{3, 2, 2});
  visit(Dense<300, WithoutBias>{}, Shape::flat(190));
  for (const WindowCase& window : window_cases) {
    visit(window.convolution(), window.in);
    visit(window.same(), window.in);
    if (window.transposed().output(window.in).is_possible()) visit(window.transposed(), window.in);
    visit(window.transposed_same(), window.in);
  }
  visit(Conv2d<4, 3, Stride<2>, Same>{}, Shape{9, 6, 3});
  visit(ConvTranspose2d<4, 4, Stride<2>, Padding<1>>{}, Shape{5, 6, 3});
  visit(AveragePool2d{2}, Shape{5, 6, 3});
  visit(AveragePool2d{3, Stride{2}, Padding{1}}, Shape{5, 6, 3});
  visit(AveragePool2d{3, Stride{2, 1}, Same{}}, Shape{1, 7, 2});
  for (const Shape in : {Shape{1, 1, 1}, Shape{4, 3, 2}, Shape{5, 6, 1}}) {
    visit(Upsample{2}, in);
    visit(Upsample{3, Bilinear{}}, in);
    visit(UpsampleTo{7, 5, Nearest{}}, in);
    visit(UpsampleTo{2, 9, Bilinear{}}, in);
    visit(Upsample{2, Bicubic{}}, in);
    visit(UpsampleTo{3, 8, Bicubic{}}, in);
    visit(UpsampleTo{3, 2, Area{}}, in);
  }
  visit(PixelShuffle{2}, Shape{5, 3, 12});
  visit(PixelShuffle{3}, Shape{1, 2, 9});
  visit(Reshape{2, 3, 4}, Shape::flat(24));
  visit(Reshape{1, 12, 2}, Shape{4, 2, 3});
}

/// Calls `visit(layer, seed)` for every layer on images of shape 6 x 5 x 4. With parameters from this seed no two
/// maxima are so close that a central difference jumps from one to the other.
template <class Visit>
void each_image_layer(const Visit& visit) {
  for (const WindowCase& window : std::span(window_cases).first(9)) {
    if (4 % window.groups != 0) continue;
    if (window.convolution().output({6, 5, 4}).is_possible()) visit(window.convolution(), 5);
    if (window.down * window.right <= 4) visit(window.transposed_same(), 5);
  }
  visit(AveragePool2d{3, Stride{2}, Same{}}, 5);
  visit(MaxPool2d{2}, 5);
  visit(MaxPool2d{3, Stride{2}, Same{}}, 5);
  visit(Upsample{2}, 5);
  visit(UpsampleTo{7, 8, Bilinear{}}, 5);
  visit(UpsampleTo{8, 4, Bicubic{}}, 5);
  visit(UpsampleTo{3, 4, Area{}}, 5);
  visit(PixelShuffle{2}, 5);
  visit(Reshape{3, 8, 5}, 5);
  visit(BatchNorm{}, 5);
  visit(LayerNorm2d{}, 5);
  visit(Dropout2d{}, 5);
}

// Optimizers by value: every setting with a path of its own.
template <class Visit>
void each_optimizer(const Visit& visit) {
  visit("Sgd", Sgd{.learning_rate = 1e-2});
  visit("Sgd, momentum", Sgd{.learning_rate = 1e-2, .momentum = 0.9, .dampening = 0.1});
  visit("Sgd, Nesterov", Sgd{.learning_rate = 1e-2, .momentum = 0.9, .nesterov = true});
  visit("RmsProp", RmsProp{.learning_rate = 1e-3});
  visit("RmsProp, centered, momentum", RmsProp{.learning_rate = 1e-3, .momentum = 0.5, .centered = true});
  visit("Adagrad", Adagrad{.learning_rate = 1e-2, .learning_rate_decay = 1e-3});
  visit("Adam", Adam{.learning_rate = 1e-3});
  visit("AdamW", AdamW{.learning_rate = 1e-3});
}

template <class... Ts, class Visit>
void each(List<Ts...>, const Visit& visit) {
  (visit.template operator()<Ts>(), ...);
}

}  // namespace laws
