// Programs may trap invalid operations, divisions by zero and overflows, as simulation codes do: nothing that the
// library computes on values that are neither huge nor broken may be one, in its padding neither.
#include <cfenv>
#include <eigencoder/eigencoder.hpp>

#include "support/catch.hpp"

#if defined(__GLIBC__) && defined(__x86_64__)

using namespace eigencoder;

namespace {

/// While it lives, these operations end the program.
class Traps {
 public:
  Traps() { REQUIRE(feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW) != -1); }
  ~Traps() {
    feclearexcept(FE_ALL_EXCEPT);
    fedisableexcept(FE_ALL_EXCEPT);
  }
};

/// Values in (0, 1); the first sample, and the first value of all, are zero, and so are their gradients.
template <class Scalar>
MatrixX<Scalar> data(Index rows) {
  MatrixX<Scalar> x(rows, 21);
  Random random(1, Purpose::user);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Scalar>(random.uniform());
  x.col(0).setZero();
  x.row(0).setZero();
  return x;
}

/// Trains and uses a model on data; its last batch is no full one.
template <class Model, class Optimizer = Adam>
void use(const MatrixX<typename Model::Scalar>& x, Optimizer optimizer = {}) {
  optimizer.learning_rate = 1e-3;
  Model model;
  {
    set_threads(1);  // the traps are this thread's
    const Traps traps;
    model.reconstruct(x);
    model.fit(x, optimizer, {.epochs = 2, .batch_size = 8, .clip_norm = 1.0});
    model.evaluate(x);
    model.decode(model.encode(x.leftCols(3)));
    set_threads(0);
  }
  CHECK(model.encode(x).allFinite());
}

template <class Scalar>
using Activations = Autoencoder<
    Encoder<Input<19>, Dense<7>, Relu, Dense<7>, LeakyRelu, Dense<7>, Elu, Dense<7>, Selu, Dense<7>, Gelu, Dense<7>,
            Silu, LayerNorm, Dense<7>, JumpRelu, Dense<5>, Softplus>,
    Decoder<Dense<7>, Sigmoid, Dropout, Dense<7>, Tanh, BatchNorm, Dense<19>>, SquaredError, Precision<Scalar>>;

using Images = Autoencoder<
    Encoder<Image<9, 7, 3>, Conv2d<8, 3, Stride<2>, Same>, BatchNorm, LeakyRelu, MaxPool2d<2>, Dense<6>>,
    Decoder<Dense<40>, Relu, Reshape<5, 4, 2>, ConvTranspose2d<8, 2, Stride<2>>, LayerNorm2d, Relu, AveragePool2d<2>,
            UpsampleTo<9, 7>, Conv2d<3, 3, Same>>,
    Bernoulli, Denoising<Masking>, WeightDecay<>>;

using Dense19 = Decoder<Dense<19>>;
template <class... Parts>
using Small = Encoder<Input<19>, Dense<7>, Parts...>;

}  // namespace

TEST_CASE("no operation of a layer is trapped, padding or not") {
  use<Activations<float>>(data<float>(19));
  use<Activations<double>>(data<double>(19));
  use<Images>(data<float>(189));
}

TEMPLATE_TEST_CASE("no operation of an optimizer is trapped", "", float, double) {
  using Model = Autoencoder<Encoder<Input<19>, Dense<7>, Relu, Dense<5>>, Decoder<Mirror>, SquaredError,
                            Precision<TestType>>;
  const auto x = data<TestType>(19);
  use<Model>(x, Sgd{});
  use<Model>(x, Sgd{.momentum = 0.9});
  use<Model>(x, AdamW{});
  use<Model>(x, RmsProp{});
  use<Model>(x, RmsProp{.centered = true});
  use<Model>(x, RmsProp{.momentum = 0.5});
  use<Model>(x, Adagrad{});
}

TEST_CASE("no operation of a loss or a policy is trapped") {
  const auto x = data<float>(19);
  use<Autoencoder<Small<Dense<3>>, Dense19, Huber, Variational<>, Denoising<GaussianNoise>>>(x);
  use<Autoencoder<Small<Dense<3>>, Dense19, Gaussian, ImportanceWeighted>>(x);
  use<Autoencoder<Small<Dense<3>>, Dense19, AbsoluteError, VectorQuantized<5>>>(x);
  use<Autoencoder<Small<Sigmoid>, Dense19, LearnedGaussian, Contractive<>, Sparse<KlSparsity>>>(x);
  use<Autoencoder<Small<BatchTopK<2>>, Dense19, SquaredError, AuxiliaryTopK, Sparse<L1>>>(x);
  use<Autoencoder<Small<JumpRelu>, Dense19, SquaredError, Sparse<L0>>>(x);
}

#else

TEST_CASE("operations are not trapped here") { SUCCEED("skipped: only glibc on x86-64 is known to trap"); }

#endif
