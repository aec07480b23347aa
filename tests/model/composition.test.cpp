// Models from values: the same bits as models from types, and the compiler's sentences as exceptions.
#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace composition_test {
namespace {

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(60, 33);
  return x;
}

FitOptions<float> options() { return {.epochs = 4, .batch_size = 8, .seed = 2, .validation_split = 0.2}; }

}  // namespace

TEST_CASE("static and dynamic sizes give the same bits") {
  using Static = Autoencoder<Encoder<Image<4, 5, 3>, Dense<13>, BatchNorm, Gelu, Dropout, Dense<5>>,
                             Decoder<Mirror>, Bernoulli, WeightDecay<>, Augmented<HorizontalFlip>>;
  Static by_type;
  Autoencoder by_value{Encoder{Image{4, 5, 3}, Dense{13}, BatchNorm{}, Gelu{}, Dropout{}, Dense{5}}, Mirror{},
                       Bernoulli{}, WeightDecay<>{}, Augmented{HorizontalFlip{}}};
  Autoencoder mixed{Encoder{Image<4, 5, 3>{}, Dense{13}, BatchNorm{}, Gelu{}, Dropout{}, Dense<5>{}},
                    Mirror{}, Bernoulli{}, WeightDecay<>{}, Augmented{HorizontalFlip{}}};
  CHECK(bits(by_type) == bits(by_value));
  by_type.fit(data(), Adam{}, options());
  by_value.fit(data(), Adam{}, options());
  mixed.fit(data(), Adam{}, options());
  CHECK(bits(by_type) == bits(by_value));
  CHECK(bits(by_type) == bits(mixed));
  CHECK(same(by_type.epochs().back(), by_value.epochs().back()));
  CHECK(by_type.reconstruct(data()) == by_value.reconstruct(data()));
  CHECK(by_type.parameter_count() == by_value.parameter_count());
  CHECK(by_value.input_shape() == Shape{4, 5, 3});
}

TEST_CASE("a mirror written out is the same network") {
  // Initial weights depend on the position and on the order of storage, which differ here: the weights are copied.
  Autoencoder<Encoder<Input<60>, Dense<7, WithBias>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError> mirrored;
  Autoencoder<Encoder<Input<60>, Dense<7>, Tanh, Dense<3>>, Decoder<Dense<7>, Tanh, Dense<60>>, SquaredError>
      listed;
  for (std::size_t b = 0; b < listed.layout().blocks().size(); ++b) {
    const auto &from = mirrored.layout().blocks()[b], &to = listed.layout().blocks()[b];
    const bool transposed = to.kind == ParameterKind::weight && to.layer >= 3;
    for (Index i = 0; i < to.rows; ++i)
      for (Index j = 0; j < to.cols; ++j)
        listed.parameters()[static_cast<std::size_t>(to.offset + i * to.cols + j)] =
            mirrored.parameters()[static_cast<std::size_t>(
                from.offset + (transposed ? j * from.cols + i : i * from.cols + j))];
  }
  mirrored.fit(data(), Adam{}, options());
  listed.fit(data(), Adam{}, options());
  CHECK(listed.reconstruct(data()).isApprox(mirrored.reconstruct(data()), 1e-4F));
}

TEST_CASE("a model takes its parts by value in any order, and the others as default") {
  using Model = Autoencoder<Encoder<Input<60>, Dense<7>, LeakyRelu>, Decoder<Mirror>, Huber, WeightDecay<>>;
  CHECK(says(thrown<OptionError>([] { Model{WeightDecay<>{.weight = -1}}; }), {"WeightDecay"}));
  CHECK(says(thrown<OptionError>([] { Model{WeightDecay<>{}, Huber{.delta = -1}}; }), {"Huber"}));
  const Model model{Mirror{}, Huber{.delta = 0.25},
                    Encoder<Input<60>, Dense<7>, LeakyRelu>{{}, {}, {.negative_slope = 0.5}}};
  CHECK(model.loss().delta == 0.25);
  const MatrixX<float> z = model.activation(data(), 0), y = model.encode(data());
  for (Index i = 0; i < z.size(); ++i)
    CHECK(y.data()[i] == (z.data()[i] > 0 ? z.data()[i] : z.data()[i] * 0.5F));
  CHECK(Model().loss().delta == Huber{}.delta);
}

TEST_CASE("hyperparameters of layers and initializers are checked when a model is built") {
  const auto build = [](const auto& layer) {
    Autoencoder{Encoder{Input{6}, Dense{4}, layer, Dense{2}}, Mirror{}, SquaredError{}};
  };
  CHECK(says(thrown<OptionError>([&] { build(Dropout{.rate = 1}); }), {"eigencoder: Dropout.rate"}));
  CHECK(says(thrown<OptionError>([&] { build(BatchNorm{.momentum = 2}); }),
             {"eigencoder: BatchNorm.momentum"}));
  CHECK(
      says(thrown<OptionError>([&] { build(LayerNorm{.epsilon = -1}); }), {"eigencoder: LayerNorm.epsilon"}));
  CHECK(says(thrown<OptionError>([&] { build(LeakyRelu{.negative_slope = -1}); }),
             {"eigencoder: LeakyRelu.negative_slope"}));
  CHECK(says(thrown<OptionError>([&] {
               build(Dense{3, Initializer::constant(1 / 0.0)});
             }),
             {"eigencoder: Initializer"}));
}

TEST_CASE("an initializer fills the weights of its layer and of its mirror") {
  const Autoencoder model{
      Encoder{Input{6}, Dense{4, Initializer::constant(0.5)}, Relu{}, Dense{2, Initializer::zeros()}},
      Mirror{}, SquaredError{}};
  for (const auto& block : model.layout().blocks()) {
    const bool outer = block.layer == 0 || block.layer == model.layer_count() - 1;
    for (Index i = 0; i < block.size(); ++i)
      CHECK(model.parameters()[static_cast<std::size_t>(block.offset + i)] ==
            (block.kind == ParameterKind::weight && outer ? 0.5F : 0.0F));
  }
}

TEST_CASE("the parameters lie in aligned blocks that do not overlap") {
  const Busy model;
  Index end = 0;
  for (const auto& block : model.layout().blocks()) {
    CHECK(block.offset >= end);
    CHECK(reinterpret_cast<std::uintptr_t>(model.parameters().data() + block.offset) % 64 == 0);
    end = block.offset + block.size();
  }
  CHECK(end <= static_cast<Index>(model.parameters().size()));
  CHECK(model.statistics().size() == 4 * 16);  // two normalizations of 12 features, mean and variance, padded
}

TEST_CASE("compositions that values make illegal throw the compiler's sentence") {
  const auto message = [](const auto&... parts) {
    return thrown<CompositionError>([&] { Autoencoder{parts...}; });
  };
  CHECK(says(message(Encoder{Input{6}, Dense{0}}, Mirror{}, SquaredError{}), {"Dense{0}", "positive"}));
  CHECK(says(message(Encoder{Input{6}, Dense{-3}}, Mirror{}, SquaredError{}), {"Dense{-3}", "positive"}));
  CHECK(says(message(Encoder{Input{0}, Dense{3}}, Mirror{}, SquaredError{}), {"Input{0}", "positive"}));
  CHECK(says(message(Encoder{Image{4, 0, 3}, Dense{3}}, Mirror{}, SquaredError{}),
             {"Image{4, 0, 3}", "positive"}));
  CHECK(says(message(Encoder{Input{6}, Dense{3}}, Decoder{Dense{7}}, SquaredError{}),
             {"decoder must return the input's shape", "Dense{7}", "got 7", "expected 6"}));
  CHECK(says(message(Encoder{Image{2, 3, 4}, Dense{3}}, Decoder{Dense{3}, Tanh{}, Dense{25}}, SquaredError{}),
             {"decoder must return the input's shape", "got 25", "expected 2x3x4"}));
  CHECK(message(Encoder{Image{2, 3, 4}, Dense{3}}, Decoder{Dense{24}}, SquaredError{}).empty());
  CHECK(message(Encoder{Input{6}, Dense{3}}, Decoder{Dense{6}}, SquaredError{}).empty());
}

TEST_CASE("a size that is given nowhere is an error with a sentence") {
  using NoInput = Autoencoder<Encoder<Input<>, Dense<3>>, Decoder<Mirror>, SquaredError>;
  using NoWidth = Autoencoder<Encoder<Input<6>, Dense<>>, Decoder<Mirror>, SquaredError>;
  using NoImage = Autoencoder<Encoder<Image<>, Dense<3>>, Decoder<Mirror>, SquaredError>;
  using NoDecoder = Autoencoder<Encoder<Input<6>, Dense<3>>, Decoder<Dense<>, Tanh, Dense<6>>, SquaredError>;
  CHECK(says(thrown<CompositionError>([] { NoInput{}; }), {"Input", "no size", "Input{784}"}));
  CHECK(says(thrown<CompositionError>([] { NoImage{}; }), {"Image", "no size", "Image{40, 40, 3}"}));
  CHECK(says(thrown<CompositionError>([] { NoWidth{}; }), {"Dense<Dynamic>", "no size", "Dense{64}"}));
  CHECK(says(thrown<CompositionError>([] { NoDecoder{}; }), {"Dense<Dynamic>", "no size"}));
  CHECK_NOTHROW(NoWidth{Encoder<Input<6>, Dense<>>{{}, Dense{3}}});
  CHECK_NOTHROW(NoInput{Encoder<Input<>, Dense<3>>{Input{4}, {}}});
}

TEST_CASE("static and dynamic sizes give the same bits: layers on images") {
  Autoencoder<Encoder<Image<4, 5, 3>, Conv2d<6, 3, Stride<2>, Same>, BatchNorm, Relu,
                      Residual<Conv2d<6, 1>, LayerNorm2d>, MaxPool2d<2, Same>, Dense<5>>,
              Decoder<Mirror>, Bernoulli> by_type;
  Autoencoder by_value{Encoder{Image{4, 5, 3}, Conv2d{6, 3, Stride{2}, Same{}}, BatchNorm{}, Relu{},
                               Residual{Conv2d{6, 1}, LayerNorm2d{}}, MaxPool2d{2, Same{}}, Dense{5}},
                       Mirror{}, Bernoulli{}};
  CHECK(bits(by_type) == bits(by_value));
  by_type.fit(data(), Adam{}, options());
  by_value.fit(data(), Adam{}, options());
  CHECK(bits(by_type) == bits(by_value));
  CHECK(by_type.reconstruct(data()) == by_value.reconstruct(data()));
}

TEST_CASE("images that values make too small throw the compiler's sentence") {
  const auto message = [](const auto&... layers) {
    return thrown<CompositionError>([&] { Autoencoder{Encoder{Image{6, 6, 3}, layers...}, Mirror{}, SquaredError{}}; });
  };
  CHECK(says(message(Conv2d{8, 7}), {"Conv2d{8, 7}", "got 6x6x3", "at least 7x7"}));
  CHECK(says(message(Conv2d{6, 3}, Conv2d{8, 3, Groups{4}}), {"Groups{4}", "4x4x6", "multiples of 4"}));
  CHECK(says(message(Conv2d{6, 3, Stride{0}}), {"Stride{0}", "positive"}));
  CHECK(says(message(Conv2d{6, 3, Padding{Index{1} << 40}}), {"Conv2d", "positive"}));
  CHECK(says(message(Residual{Conv2d{4, 1}}), {"Residual sum", "got 6x6x4", "expected 6x6x3"}));
  CHECK(says(message(Dense{9}, Reshape{2, 5, 1}), {"Reshape{2, 5, 1}", "got 9", "10 values"}));
  CHECK(says(message(MaxPool2d{7}), {"MaxPool2d{7}", "at least 7x7"}));
  CHECK(message(Conv2d{8, 3}, MaxPool2d{2}, Residual{Conv2d{8, 1}}, Dense{4}).empty());
  using Unknown = Autoencoder<Encoder<Image<6, 6, 3>, Conv2d<>>, Decoder<Mirror>, SquaredError>;
  CHECK(says(thrown<CompositionError>([] { Unknown{}; }), {"Conv2d{Dynamic, Dynamic}", "no size"}));
}

TEST_CASE("options and sizes of which no convolution can be built are refused") {
  const auto build = [](const auto& layer) {
    return thrown<CompositionError>([&] {
      Autoencoder{Encoder{Image{8, 8, 4}, layer, Dense{3}}, Mirror{}, SquaredError{}};
    });
  };
  CHECK(build(Conv2d{4, 3, Groups{-1}}).find("no size") != std::string::npos);
  CHECK(build(ConvTranspose2d{4, 3, Groups{-1}}).find("no size") != std::string::npos);
  CHECK(build(Conv2d{4, 3, Groups{0}}).find("groups of at least 1") != std::string::npos);
  CHECK(build(Conv2d{0, 3}).find("Conv2d{0, 3}: got a size or an option out of range") != std::string::npos);
}

TEST_CASE("activations too large for memory are a typed error") {
  constexpr Index huge = Index{1} << 30;
  const Autoencoder model{Encoder{Image{4, 4, 1}, UpsampleTo{huge, huge}, UpsampleTo{4, 4}}, Decoder{Dense{16}},
                          SquaredError{}};
  CHECK_THROWS_AS(model.encode(MatrixX<float>::Zero(16, 16).eval()), OptionError);
}

}  // namespace composition_test
