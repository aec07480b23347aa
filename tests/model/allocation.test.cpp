// The steady state of training and inference allocates nothing.
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/downscale.hpp>
#include <eigencoder/corruption/overlay.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <vector>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EIGENCODER_COUNTS 1
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#undef EIGENCODER_COUNTS
#endif
#endif
#endif

#ifdef EIGENCODER_COUNTS

namespace allocation_test {
namespace {
std::atomic<long> allocations{0};
}

// All allocations call these functions: operator new's, Eigen's and the thread library's.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t to, std::size_t size) {
  ++allocations;
  return __libc_memalign(to, size);
}
int posix_memalign(void** out, std::size_t to, std::size_t size) {
  ++allocations;
  *out = __libc_memalign(to, size);
  return *out ? 0 : 12;
}
}

using namespace eigencoder;

namespace {

constexpr int teams[] = {1, 2};

// Wide enough for several threads.
template <class M, class... Policies>
using Wide = Autoencoder<
    Encoder<Image<12, 20, 1>, Dense<210>, BatchNorm, LeakyRelu, Dropout, Dense<120>, LayerNorm, Tanh>,
    Decoder<M>, SquaredError, Policies...>;

// Enough work that every kind of layer is split into tasks.
using Convolutional =
    Autoencoder<Encoder<Image<12, 20, 1>, Conv2d<8, 3, Same>, BatchNorm, LeakyRelu, MaxPool2d<2>,
                        Residual<Conv2d<8, 3, Same>, LayerNorm2d, Tanh>, Dropout2d, Conv2d<16, 3, Stride<2>, Same>,
                        Gelu>,
                Decoder<ConvTranspose2d<8, 4, Stride<2>, Same>, SkipAdd<AtLayer<3>>, MaxUnpool2d<AtLayer<3>>,
                        SkipConcatenate<AtLayer<2>>, Conv2d<1, 3, Same>>,
                SquaredError>;

struct Columns : Blocks {
  constexpr Columns() {
    if (!std::is_constant_evaluated())
      blocks = {{"numbers of a name too long to be stored in place", 100, BlockLoss::gaussian},
                {"flags", 120, BlockLoss::bernoulli}, {"numbers", 20, BlockLoss::gaussian, 0.5}};
  }
};
template <class... Policies>
using Table =
    Autoencoder<Encoder<Image<12, 20, 1>, Dense<210>, Tanh, Dense<120>>, Decoder<Mirror>, Columns, Policies...>;

template <class P>
using Bottlenecked = Autoencoder<Encoder<Image<12, 20, 1>, Dense<210>, Tanh, Dense<120>>, Decoder<TiedMirror, Dropout>,
                                 SquaredError, P>;

// All corruptions of pixels that need others beside them.
struct Damage {
  static constexpr std::string_view name = "Damage";
  Overlay overlay = {};

  constexpr Damage() {
    if (!std::is_constant_evaluated()) overlay.marks = {{{2, 2, 2}, std::vector<float>(8, 0.5F)}};
  }
  void validate() const { overlay.validate(); }
  void corrupt(float* sample, Shape shape, Random& random) const {
    overlay.corrupt(sample, shape, random);
    BlockErasure{.fill = ErasureFill::image_mean}.corrupt(sample, shape, random);
    Blur{}.corrupt(sample, shape, random);
    Downscale{.factor = 3}.corrupt(sample, shape, random);
  }
};

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(240, 150);
  return x;
}

// Counts the allocations from one batch's report to the next, from the second epoch on.
struct Counter {
  std::array<long, 64>* between;
  int* batches;
  long last = -1;

  void operator()(const EpochReport&) { last = -1; }
  void on_batch(const BatchReport& report) {
    const long now = allocations;
    if (report.epoch > 1 && last >= 0) (*between)[static_cast<std::size_t>((*batches)++)] = now - last;
    last = allocations;
  }
};

template <class Model, class O>
void check_training(const O& optimizer, FitOptions<float> options) {
  std::array<long, 64> between{};
  int batches = 0;
  Model model;
  options.epochs = 4;
  options.batch_size = 40;
  options.observer = Counter{&between, &batches};
  model.fit(data(), optimizer, options);
  CHECK(batches == 9);
  for (int i = 0; i < batches; ++i) CHECK(between[static_cast<std::size_t>(i)] == 0);
}

}  // namespace

TEST_CASE("the counter counts") {
  const long before = allocations;
  const auto* const one = new Buffer<float>(10);
  const MatrixX<float> matrix(30, 30);
  CHECK(allocations - before >= 3);
  CHECK(matrix.size() == 900);
  delete one;
}

TEST_CASE("a training step allocates nothing once warm") {
  for (const int team : teams) {
    INFO(team << " threads");
    set_threads(team);
    check_training<Wide<Mirror>>(Adam{}, {});
    check_training<Wide<TiedMirror, WeightDecay<>, Augmented<HorizontalFlip, Shift>>>(Sgd{.momentum = 0.9},
                                                                                      {});
    check_training<Wide<TiedMirror>>(Adam{}, {.schedule = CosineSchedule{}, .clip_norm = 0.1});
    check_training<Wide<Mirror>>(RmsProp{}, {.clip_value = 0.1, .fuse_updates = false});
    check_training<Wide<TiedMirror>>(Adam{}, {.sample_weights = std::vector<double>(150, 0.5), .trim = 0.2});
    check_training<Table<>>(Adam{}, {.trim = 0.2});
    check_training<Table<MissingValues<MaskAsInput>, Denoising<GaussianNoise>>>(Adam{}, {});
    check_training<Wide<Mirror, Denoising<Damage>>>(Adam{}, {});
    check_training<Convolutional>(Adam{}, {});
    check_training<Convolutional>(Sgd{.momentum = 0.9}, {.clip_norm = 0.1});
    set_threads(0);
  }
}

TEST_CASE("a training step through a bottleneck allocates nothing once warm") {
  for (const int team : teams) {
    INFO(team << " threads");
    set_threads(team);
    check_training<Bottlenecked<Variational<>>>(Adam{}, {});
    check_training<Bottlenecked<Variational<MaximumMeanDiscrepancy>>>(Adam{}, {});
    check_training<Bottlenecked<ImportanceWeighted>>(Adam{}, {});
    check_training<Bottlenecked<ImportanceWeighted>>(Adam{}, {.trim = 0.2});
    check_training<Bottlenecked<VectorQuantized<64>>>(Adam{}, {});
    set_threads(0);
  }
}

TEST_CASE("inference through a codebook allocates nothing once warm") {
  const Bottlenecked<VectorQuantized<64>> model;
  Workspace<float> workspace(1);
  model.encode(data(), workspace);
  model.reconstruct(data(), workspace);
  const long before = allocations;
  model.encode(data(), workspace);
  model.reconstruct(data().leftCols(7), workspace);
  CHECK(allocations == before);
}

namespace {

/// Checks that `use(count, workspace)` allocates nothing once it was called with the largest count.
template <class Use>
void check_steady(const Use& use) {
  for (const int team : teams) {
    INFO(team << " threads");
    Workspace<float> workspace(team);
    use(150, workspace);
    const long before = allocations;
    for (const Index count : {150, 1, 77}) use(count, workspace);
    CHECK(allocations == before);
  }
}

}  // namespace

TEST_CASE("inference of layers on images allocates nothing once warm") {
  const Convolutional model;
  check_steady([&](Index count, Workspace<float>& workspace) {
    model.encode(data().leftCols(count), workspace);
    model.reconstruct(data().leftCols(count), workspace);
  });
}

TEST_CASE("inference in a workspace allocates nothing once warm") {
  const Wide<Mirror> model;
  MatrixX<float> large = MatrixX<float>::Zero(250, 150);
  large.topRows(240) = data();
  const MatrixX<float> codes = model.encode(data());
  check_steady([&](Index count, Workspace<float>& workspace) {
    model.encode(data().leftCols(count), workspace);
    model.encode(large.topLeftCorner(240, count), workspace);
    model.decode(codes.leftCols(count), workspace);
    model.reconstruct(data().leftCols(count), workspace);
  });
}

TEST_CASE("a smaller batch of images allocates nothing, though it splits the positions into larger parts") {
  const Autoencoder<Encoder<Image<10, 10, 32>, Conv2d<8, 3, Same>>, Decoder<Mirror>, SquaredError> model;
  const MatrixX<float> images = unit_samples(3200, 32);
  Workspace<float> workspace(1);
  model.reconstruct(images, workspace);
  const long before = allocations;
  for (const Index count : {32, 5, 4, 3, 1}) model.reconstruct(images.leftCols(count), workspace);
  CHECK(allocations == before);
}

TEST_CASE("a contractive penalty allocates nothing once warm") {
  using Small = Encoder<Image<12, 20, 1>, Conv2d<4, 3, Stride<2>, Same>, Gelu, MaxPool2d<2>,
                        Residual<Conv2d<4, 3, Same>, LayerNorm2d, Tanh>, Dense<12>, Sigmoid>;
  struct Noisy : Contractive<Probes> {
    constexpr Noisy() { hessian_weight = 0.5; }
  };
  for (const int team : teams) {
    INFO(team << " threads");
    set_threads(team);
    check_training<Autoencoder<Small, Decoder<Mirror>, SquaredError, Contractive<>>>(Adam{}, {});
    check_training<Autoencoder<Encoder<Image<12, 20, 1>, Dense<210>, LayerNorm, Tanh, Dense<40>, Sigmoid>,
                               Decoder<TiedMirror>, SquaredError, Noisy>>(Adam{}, {.clip_norm = 0.1});
    set_threads(0);
  }
}

}  // namespace allocation_test

#else

TEST_CASE("the steady state allocates nothing") { WARN("not counted here: needs glibc, and no sanitizer"); }

#endif
