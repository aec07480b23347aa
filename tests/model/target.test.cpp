// Models whose targets have a shape of their own.
#include <eigencoder/augmentation/augmented.hpp>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/evaluation/sample_losses.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/target.hpp>
#include <eigencoder/optimizers/adam.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "laws/samples.hpp"
#include "support/catch.hpp"

using namespace eigencoder;

namespace target_test {
namespace {

using laws::samples;
using Enlarging = Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<6, 3, Same>, Relu>,
                              Decoder<Upsample<2>, Conv2d<2, 3, Same>>, SquaredError, Target<Image<8, 8, 2>>>;

// Twice the size, the second channel with the opposite sign.
MatrixX<float> enlarged(const MatrixX<float>& images) {
  MatrixX<float> large(128, images.cols());
  for (Index j = 0; j < images.cols(); ++j)
    for (Index i = 0; i < 64; ++i) {
      const float value = images(i / 16 * 4 + i % 8 / 2, j);
      large(2 * i, j) = value;
      large(2 * i + 1, j) = -value;
    }
  return large;
}

struct Jog {  // moves by a pixel of whatever image it gets
  static constexpr std::string_view name = "Jog";
  void validate() const {}
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random&) const {
    std::copy_n(from, shape.size() - 1, to + 1);
    to[0] = from[0];
  }
};

template <class Function>
std::string message_of(const Function& function) {
  try {
    function();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

bool same_parameters(const auto& a, const auto& b) { return std::ranges::equal(a.parameters(), b.parameters()); }

struct Columns {  // a RandomAccessSource
  MatrixX<float> values;
  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  std::string name() const { return "columns"; }
  void read(std::span<const std::uint32_t> indices, float* out) {
    for (const auto index : indices) out = std::copy_n(values.col(index).data(), values.rows(), out);
  }
};
struct Sequence {  // a SequentialSource
  MatrixX<float> values;
  Index next_sample = 0;
  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  void rewind() { next_sample = 0; }
  Index next(float* out, Index count) {
    const Index given = std::min<Index>({count, 3, size() - next_sample});
    std::copy_n(values.data() + next_sample * rows(), given * rows(), out);
    next_sample += given;
    return given;
  }
};

}  // namespace

TEST_CASE("a model learns targets of another shape") {
  const MatrixX<float> inputs = samples<float>(16, 64, false), unseen = samples<float>(16, 16, false, 3);
  Enlarging model;
  CHECK(model.input_shape() == Shape{4, 4, 1});
  CHECK(model.target_shape() == Shape{8, 8, 2});
  CHECK(model.reconstruct(inputs).rows() == 128);
  CHECK(model.decode(model.encode(inputs)) == model.reconstruct(inputs));
  const double before = model.evaluate(unseen, enlarged(unseen)).mse;
  model.fit(inputs, enlarged(inputs), Adam{.learning_rate = 1e-2}, {.epochs = 80, .batch_size = 16});
  const Evaluation after = model.evaluate(unseen, enlarged(unseen));
  CHECK(after.mse < 0.01 * before);
  CHECK(after.mse == Approx((model.reconstruct(unseen) - enlarged(unseen)).squaredNorm() / (128 * 16)).epsilon(1e-5));
  CHECK(after.loss == Approx(after.mse * 128));
  const std::vector<double> losses = sample_losses(model, unseen, enlarged(unseen));
  double sum = 0;
  for (const double loss : losses) sum += loss;
  CHECK(sum / 16 == Approx(after.loss));
}

TEST_CASE("a target of the input's shape changes nothing but that it must be given") {
  const MatrixX<float> inputs = samples<float>(6, 20, false), targets = samples<float>(6, 20, false, 2);
  using Coder = Encoder<Input<6>, Dense<4>, Tanh>;
  Autoencoder<Coder, Decoder<Mirror>, SquaredError, Denoising<>> plain;
  Autoencoder<Coder, Decoder<Mirror>, SquaredError, Denoising<>, Target<Input<6>>> aimed;
  plain.fit(inputs, targets, Adam{}, {.epochs = 3, .batch_size = 6});
  aimed.fit(inputs, targets, Adam{}, {.epochs = 3, .batch_size = 6});
  CHECK(same_parameters(plain, aimed));
  aimed.fit(inputs, inputs, Adam{}, {.epochs = 1});
  CHECK(aimed.evaluate(inputs, inputs).samples == 20);
}

TEST_CASE("sizes of targets given as values obey the same rules") {
  const auto build = [](Shape target) {
    return Autoencoder{Encoder{Image{4, 4, 1}, Conv2d{6, 3, Same{}}}, Decoder{Upsample{2}, Conv2d{2, 3, Same{}}},
                       SquaredError{}, Target{Image{target.height, target.width, target.channels}}};
  };
  CHECK(build({8, 8, 2}).target_shape() == Shape{8, 8, 2});
  CHECK(message_of([&] { build({8, 8, 3}); }) ==
        "eigencoder: the decoder must return the target's shape. Conv2d{2, 3, Same}, the last layer: got 8x8x2 = 128 "
        "values, expected 8x8x3 = 192 values");
  CHECK_THROWS_AS(build({8, 0, 3}), CompositionError);
  using Unsized = Autoencoder<Encoder<Input<4>, Dense<3>>, Decoder<Dense<5>>, SquaredError, Target<>>;
  CHECK_THROWS_AS(Unsized(), CompositionError);
  CHECK(Unsized(Target{Input{5}}).target_shape().size() == 5);
}

TEST_CASE("targets are checked before anything changes") {
  const MatrixX<float> inputs = samples<float>(16, 8, false);
  MatrixX<float> targets = enlarged(inputs);
  Enlarging model;
  const Enlarging before = model;
  CHECK_THROWS_AS(model.fit(inputs, inputs, Adam{}), ShapeError);
  CHECK_THROWS_AS(model.fit(inputs, targets.leftCols(7), Adam{}), ShapeError);
  CHECK_THROWS_AS(model.evaluate(inputs, inputs), ShapeError);
  CHECK_THROWS_AS(model.fit(Stream{Columns{inputs}}, Adam{}), DataError);
  CHECK_THROWS_AS(model.evaluate(Stream{Columns{inputs}}), DataError);
  CHECK_THROWS_AS(model.fit(inputs, targets, Adam{}, {.validation = inputs}), OptionError);
  targets(3, 5) = NAN;
  CHECK_THROWS_AS(model.fit(inputs, targets, Adam{}), DataError);
  CHECK(same_parameters(model, before));
  CHECK(model.epochs().empty());

  using Emphasizing = Autoencoder<Encoder<Input<4>, Dense<3>>, Decoder<Dense<5>>, SquaredError, Denoising<>,
                                  Target<Input<5>>>;
  CHECK_NOTHROW(Emphasizing());
  CHECK_THROWS_AS(Emphasizing(Denoising<>{{}, 2, 0.5}), OptionError);
}

TEST_CASE("a loss with weights for classes is no likelihood") {
  using Generator = Autoencoder<Encoder<Input<3>, Dense<2>>, Decoder<Dense<3>>, Categorical, Variational<>>;
  const MatrixX<float> x = samples<float>(3, 4);
  CHECK(Generator().log_likelihood(x, 2).size() == 4);
  CHECK_THROWS_AS(Generator(Categorical{{1, 2, 1}}).log_likelihood(x, 2), OptionError);
}

TEST_CASE("targets of several threads, batches and validation sets") {
  const MatrixX<float> inputs = samples<float>(16, 40, false), held = samples<float>(16, 10, false, 7);
  const auto trained = [&](int threads) {
    set_threads(threads);
    Enlarging model;
    const History history = model.fit(inputs, enlarged(inputs), Adam{}, {.epochs = 3, .batch_size = 16,
                                                                         .validation = held,
                                                                         .validation_targets = enlarged(held)});
    set_threads(0);
    CHECK(history.epochs.back().validation_loss > 0);
    return model;
  };
  const Enlarging one = trained(1), three = trained(3);
  CHECK(same_parameters(one, three));
}

TEST_CASE("an augmentation moves an input and a target of another size together") {
  const auto check = [](auto model, Index in, Index out) {
    const Index least = std::min(in, out);
    // Columns of the input and of the target are the same picture of `least` x `least` pixels, enlarged.
    const MatrixX<float> pictures = samples<float>(least * least, 6, false);
    const auto enlarge = [&](Index side) {
      MatrixX<float> large(side * side, pictures.cols());
      for (Index j = 0; j < pictures.cols(); ++j)
        for (Index i = 0; i < side * side; ++i)
          large(i, j) = pictures(i / side * least / side * least + i % side * least / side, j);
      return large;
    };
    const MatrixX<float> inputs = enlarge(in), targets = enlarge(out);
    for (std::uint64_t step = 0; step < 20; ++step) {
      // The loss of a model that returns its input, resized, is that of the pair after augmentation.
      std::vector<float> gradient(model.parameters().size());
      CHECK(model.gradient(inputs, targets, gradient, 3, step) == Approx(0).margin(1e-8));
    }
  };
  const auto copy = [](auto model) {
    std::ranges::fill(model.parameters(), 0.0F);
    model.parameters()[0] = 1;  // the weight of a convolution of one value
    return model;
  };
  using Pixel = Conv2d<1, 1>;
  using Steps = Augmented<HorizontalFlip, Brightness, VerticalFlip, Shift>;
  check(copy(Autoencoder<Encoder<Image<4, 4, 1>, Pixel>, Decoder<Upsample<3>>, SquaredError, Steps,
                         Target<Image<12, 12, 1>>>()),
        4, 12);
  check(copy(Autoencoder<Encoder<Image<12, 12, 1>, Pixel>, Decoder<UpsampleTo<4, 4, Area>>, SquaredError, Steps,
                         Target<Image<4, 4, 1>>>{Steps{{}, {}, {}, Shift{5}}}),
        12, 4);
}

TEST_CASE("an augmentation that measures in pixels without an ImageScale is refused beside a target of another size") {
  using Pixel = Conv2d<1, 1>;
  const auto rule = []<class E, class D, class... P>(const E&, const D&, const P&...) {
    return detail::diagnose_types<E, D, SquaredError, P...>().rule;
  };
  const Encoder<Image<4, 4, 1>, Pixel> small;
  CHECK(rule(small, Decoder<Upsample<3>>(), Augmented<Jog>(), Target<Image<12, 12, 1>>()) == Rule::policy_applies);
  CHECK(rule(small, Decoder<Pixel>(), Augmented<Jog>(), Target<Image<4, 4, 1>>()) == Rule::none);
  CHECK(rule(small, Decoder<Upsample<3>>(), Augmented<Crop, Rotation>(), Target<Image<12, 12, 1>>()) == Rule::none);
  // By 2 pixels, where 3 are one of the target's.
  using Shrinking = Autoencoder<Encoder<Image<12, 12, 1>, Pixel>, Decoder<UpsampleTo<4, 4, Area>>, SquaredError,
                                Augmented<Shift>, Target<Image<4, 4, 1>>>;
  CHECK_THROWS_AS(Shrinking(), OptionError);
  CHECK_NOTHROW(Shrinking(Augmented{Shift{3}}));
}

TEST_CASE("colors of targets change where they are the input's alone") {
  const MatrixX<float> inputs = samples<float>(12, 5, false);
  const MatrixX<float> other = 3 * samples<float>(4, 5, false, 2);
  Autoencoder<Encoder<Image<2, 2, 3>, Conv2d<1, 1>>, Decoder<Conv2d<1, 1>>, SquaredError, Augmented<Brightness>,
              Target<Image<2, 2, 1>>>
      depth{Augmented{Brightness{1}}};
  std::ranges::fill(depth.parameters(), 0.0F);
  std::vector<float> gradient(depth.parameters().size());
  CHECK(depth.gradient(inputs, other, gradient) == Approx(other.squaredNorm() / 5));

  Autoencoder<Encoder<Image<2, 2, 3>, Conv2d<4, 1>>, Decoder<Conv2d<3, 1>>, Categorical,
              Augmented<Brightness, HorizontalFlip>, Target<Image<2, 2, 3>>>
      classes{Augmented{Brightness{1}, HorizontalFlip{}}};
  std::ranges::fill(classes.parameters(), 0.0F);
  gradient.resize(classes.parameters().size());
  CHECK(classes.gradient(inputs, MatrixX<float>(MatrixX<float>::Ones(4, 5)), gradient) == Approx(4 * std::log(3)));
}

TEST_CASE("an input may be its own target, of classes too") {
  const auto build = [] {
    return Autoencoder{Encoder{Image{2, 3, 1}, Conv2d{5, 1}, Tanh{}}, Decoder{Conv2d{4, 1}}, Categorical{},
                       Target{Image{2, 3, 4}}, Denoising{GaussianNoise{}}};
  };
  MatrixX<float> labels = (4 * samples<float>(6, 20, false)).array().floor();
  const MatrixX<float> copy = labels;
  auto same = build(), apart = build();
  same.fit(labels, labels, Adam{}, {.epochs = 2, .batch_size = 6});
  apart.fit(labels, copy, Adam{}, {.epochs = 2, .batch_size = 6});
  CHECK(same_parameters(same, apart));
}

TEST_CASE("an augmentation leaves labels as they are") {
  using Model = Autoencoder<Encoder<Image<3, 3, 1>, Dense<4>>, Decoder<Dense<2>>, SquaredError,
                            Augmented<Brightness>, Target<Input<2>>>;
  Model model{Augmented{Brightness{1}}};
  std::ranges::fill(model.parameters(), 0.0F);
  const MatrixX<float> inputs = samples<float>(9, 5, false), targets = samples<float>(2, 5, false);
  std::vector<float> gradient(model.parameters().size());
  CHECK(model.gradient(inputs, targets, gradient) == Approx(targets.squaredNorm() / 5));
}

TEST_CASE("targets may be classes, which count as the distributions that they stand for") {
  const auto build = [] {
    return Autoencoder{Encoder{Image{2, 3, 2}, Conv2d{5, 1}, Tanh{}}, Decoder{Conv2d{4, 1}},
                       Categorical{{1, 2, 0.5, 3}}, Target{Image{2, 3, 4}}, Augmented{HorizontalFlip{}, Shift{1}}};
  };
  const MatrixX<float> inputs = samples<float>(12, 30, false);
  MatrixX<float> classes(6, 30), expanded = MatrixX<float>::Zero(24, 30);
  for (Index j = 0; j < 30; ++j)
    for (Index i = 0; i < 6; ++i) {
      classes(i, j) = std::floor(2 * inputs(2 * i, j)) + 2 * std::floor(2 * inputs(2 * i + 1, j));
      expanded(4 * i + static_cast<Index>(classes(i, j)), j) = 1;
    }
  auto by_class = build(), by_value = build();
  by_class.fit(inputs, classes, Adam{}, {.epochs = 3, .batch_size = 7});
  by_value.fit(inputs, expanded, Adam{}, {.epochs = 3, .batch_size = 7});
  CHECK(same_parameters(by_class, by_value));
  const Evaluation a = by_class.evaluate(inputs, classes), b = by_class.evaluate(inputs, expanded);
  CHECK(a.loss == b.loss);
  CHECK(a.mse == b.mse);
  auto from_stream = build();
  from_stream.fit(Stream{Columns{inputs}, Columns{classes}}, Adam{}, {.epochs = 3, .batch_size = 7});
  CHECK(same_parameters(by_class, from_stream));

  for (const float wrong : {4.0F, -1.0F, 0.5F}) {
    MatrixX<float> bad = classes;
    bad(2, 7) = wrong;
    INFO(message_of([&] { by_class.evaluate(inputs, bad); }));
    CHECK_THROWS_AS(by_class.fit(inputs, bad, Adam{}), DataError);
    CHECK_THROWS_AS(by_class.fit(Stream{Columns{inputs}, Columns{bad}}, Adam{}), DataError);
  }
  CHECK(message_of([&] { by_class.evaluate(inputs, MatrixX<float>(5 * classes)); }).find("whole numbers from 0 to 3") !=
        std::string::npos);
  using Few = Autoencoder<Encoder<Input<4>, Dense<3>>, Decoder<Dense<3>>, Categorical, Target<Input<3>>>;
  CHECK_THROWS_AS(Few(Categorical{{1, 2}}), CompositionError);
  CHECK_THROWS_AS(Few(Categorical{{1, -2, 1}}), OptionError);
  CHECK_THROWS_AS(Few(Categorical{{0, 0, 0}}), OptionError);
  CHECK_THROWS_AS(Few(Categorical{{1, 1, 1e30}}), OptionError);
  CHECK(message_of([] { Few().evaluate(samples<float>(4, 2), samples<float>(2, 2)); }) ==
        "eigencoder: evaluate: targets: got 2 x 2 (values x samples), expected 3 values a sample, or 1 as classes");
}

TEST_CASE("a stream of pairs teaches the same bits as pairs in memory") {
  const MatrixX<float> inputs = samples<float>(16, 23, false), targets = enlarged(inputs);
  const FitOptions<float> options{.epochs = 3, .batch_size = 5};
  Enlarging in_memory, from_pairs;
  in_memory.fit(inputs, targets, Adam{}, options);
  from_pairs.fit(Stream{Columns{inputs}, Columns{targets}}, Adam{}, options);
  CHECK(same_parameters(in_memory, from_pairs));
  CHECK(in_memory.evaluate(inputs, targets).loss ==
        in_memory.evaluate(Stream{Columns{inputs}, Columns{targets}}).loss);

  Enlarging mixed, sequences;
  mixed.fit(Stream{Columns{inputs}, Sequence{targets}, {.shuffle_window = 8}}, Adam{}, options);
  sequences.fit(Stream{Sequence{inputs}, Sequence{targets}, {.shuffle_window = 8}}, Adam{}, options);
  CHECK(same_parameters(mixed, sequences));
  CHECK_THROWS_AS((Stream{Columns{inputs}, Columns{targets.leftCols(22)}}), ShapeError);
  CHECK_THROWS_AS(Enlarging().fit(Stream{Columns{inputs}, Columns{inputs}}, Adam{}), ShapeError);
  CHECK_THROWS_AS((Stream{Columns{inputs}, Columns{MatrixX<float>(0, 23)}}), ShapeError);
}

}  // namespace target_test
