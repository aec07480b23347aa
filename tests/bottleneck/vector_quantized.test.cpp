// Vector quantization: the nearest code, the straight-through gradient against its surrogate, the moving averages by
// hand.
#include <algorithm>
#include <eigencoder/testing.hpp>
#include <limits>
#include <set>

#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"
#include "laws/list.hpp"
#include "support/thrown.hpp"

using namespace toy;

namespace vector_quantized_test {
namespace {

constexpr VectorQuantized by_value{.codes = 12};
static_assert(std::is_same_v<decltype(by_value), const VectorQuantized<Dynamic>>);
static_assert(Bottleneck<VectorQuantized<7>> && VectorQuantized<7>{}.codes == 7 && !WeighsDraws<VectorQuantized<7>>);

using Flat = Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>;
using OfImages = Encoder<Image<7, 7, 2>, Conv2d<5, 3, Stride<2>>, Tanh, Conv2d<4, 2>>;

template <class E, class... P>
using Model = Autoencoder<E, Decoder<Mirror>, SquaredError, P..., Precision<double>>;

/// The same layers without quantization and with the same parameters.
template <class E>
Model<E> unquantized(std::span<const double> parameters) {
  Model<E> model;
  std::copy(parameters.begin(), parameters.end(), model.parameters().begin());
  return model;
}

/// Puts this codebook into a model; all counts are 1.
template <class M>
void set_codebook(M& model, const MatrixX<double>& vectors) {
  const auto& blocks = model.layout().statistics_blocks();
  for (Index k = 0; k < vectors.cols(); ++k)
    model.statistics()[static_cast<std::size_t>((blocks.end() - 2)->offset + k)] = 1;
  std::copy_n(vectors.data(), vectors.size(), &model.statistics()[static_cast<std::size_t>(blocks.back().offset)]);
}

// The code of each vector, by exhaustive search.
MatrixX<Index> nearest(const MatrixX<double>& codes, const MatrixX<double>& book) {
  MatrixX<Index> found(codes.rows() / book.rows(), codes.cols());
  for (Index v = 0; v < found.size(); ++v) {
    const Eigen::Map<const VectorX<double>> z(codes.data() + v * book.rows(), book.rows());
    (book.colwise() - z).colwise().squaredNorm().minCoeff(&found.data()[v]);
  }
  return found;
}

MatrixX<double> looked_up(const MatrixX<Index>& indices, const MatrixX<double>& book) {
  MatrixX<double> codes(indices.rows() * book.rows(), indices.cols());
  for (Index v = 0; v < indices.size(); ++v)
    std::copy_n(book.data() + indices.data()[v] * book.rows(), book.rows(), codes.data() + v * book.rows());
  return codes;
}

template <class M>
MatrixX<double> samples_for(const M& model, Index count) {
  return (2 * laws::samples(model.input_shape().size(), count, false).array() - 1).matrix();
}

template <class P>
double term(const P& report, std::size_t which) { return report.terms.at(which).value; }

}  // namespace

TEST_CASE("every vector of a code becomes the nearest of the codebook") {
  const auto check = []<class E>(std::type_identity<E>, Index groups, Index vectors, Index codes) {
    const VectorQuantized<> policy{.codes = codes, .groups = groups};
    Model<E, VectorQuantized<>> model{policy};
    const MatrixX<double> x = samples_for(model, 300), book = codebook(model);
    REQUIRE(book.cols() == codes);
    REQUIRE(book.rows() * vectors == model.code_size());
    const MatrixX<Index> expected = nearest(unquantized<E>(model.parameters()).encode(x), book);
    CHECK(code_indices(model, x) == expected);
    CHECK(expected.maxCoeff() > expected.minCoeff());
    CHECK(model.encode(x) == looked_up(expected, book));
    CHECK((model.reconstruct(x) - model.decode(model.encode(x))).norm() == 0);
  };
  for (const Index codes : {2, 16, 17, 50}) {
    check(std::type_identity<Flat>(), 1, 1, codes);
    check(std::type_identity<Flat>(), 2, 2, codes);
    check(std::type_identity<Flat>(), 4, 4, codes);
    check(std::type_identity<OfImages>(), 1, 4, codes);
    check(std::type_identity<OfImages>(), 2, 8, codes);
  }
}

TEST_CASE("of equally near codes the first one is chosen") {
  for (const Index width : {1, 3, 40}) {
    Autoencoder model{Encoder{Input{width}, Identity{}}, Decoder{Identity{}}, SquaredError{},
                      VectorQuantized{.codes = 40}, Precision<double>{}};
    MatrixX<double> book = MatrixX<double>::Constant(width, 40, 9);
    for (const Index k : {5, 20, 21, 39}) book.col(k).setConstant(1);
    for (const Index k : {6, 30}) book.col(k).setConstant(-1);
    set_codebook(model, book);
    MatrixX<double> x(width, 3);
    x.col(0).setConstant(1.25);
    x.col(1).setConstant(-0.5);
    x.col(2).setZero();
    CHECK(code_indices(model, x) == (MatrixX<Index>(1, 3) << 5, 6, 5).finished());
  }
}

TEST_CASE("the gradient is that of the straight-through surrogate") {
  const auto check = []<class E, class P>(std::type_identity<E>, const P& policy) {
    Model<E, P> model{policy};
    const MatrixX<double> x = samples_for(model, 4), targets = laws::samples(x.rows(), 4, false, 6);
    Buffer<double> gradient(static_cast<Index>(model.parameters().size())), numeric(gradient.size());
    const double objective = model.gradient(x, targets, gradient.span());

    // The codes e, and e - z, are held fixed: L(decode(z + sg(e - z))) + beta ||z - sg(e)||^2.
    auto surrogate = unquantized<E>(model.parameters());
    const MatrixX<double> e = model.encode(x), added = e - surrogate.encode(x);
    const auto value = [&] {
      const MatrixX<double> z = surrogate.encode(x);
      const double loss = (surrogate.decode((z + added).eval()) - targets).squaredNorm();
      return (loss + policy.commitment * (z - e).squaredNorm()) / 4;
    };
    CHECK(objective == Approx(value()).epsilon(1e-13));
    for (const ParameterBlock& block : model.layout().blocks()) {
      const auto first = static_cast<std::size_t>(block.offset), count = static_cast<std::size_t>(block.size());
      for (std::size_t i = first; i < first + count; ++i)
        numeric.span()[i] = central_difference([&](double h) {
          const double before = surrogate.parameters()[i];
          surrogate.parameters()[i] = before + h;
          const double found = value();
          surrogate.parameters()[i] = before;
          return found;
        });
      INFO("layer " << block.layer);
      CHECK(relative_error(gradient.span().subspan(first, count), numeric.span().subspan(first, count)) <= 1e-7);
    }
  };
  laws::each(laws::Quantizers{}, [&]<class P>() {
    for (const double beta : {0.25, 0.0, 3.0}) {
      check(std::type_identity<Flat>(), P{.commitment = beta});
      check(std::type_identity<Flat>(), P{.groups = 2, .commitment = beta});
      check(std::type_identity<OfImages>(), P{.commitment = beta});
    }
  });
}

TEST_CASE("one step updates the codebook by the moving averages of its vectors") {
  const auto check = []<class E>(std::type_identity<E>, Index groups, Index count) {
    const VectorQuantized<6> policy{.groups = groups, .decay = 0.7, .revive_below = 0};
    Model<E, VectorQuantized<6>> model{policy};
    const MatrixX<double> x = samples_for(model, count), before = codebook(model);
    const MatrixX<double> z = unquantized<E>(model.parameters()).encode(x);
    const MatrixX<Index> indices = nearest(z, before);
    const Index width = before.rows();
    VectorX<double> counts = VectorX<double>::Constant(6, 0.7);
    MatrixX<double> sums = 0.7 * before;  // all counts are 1 at first
    for (Index v = 0; v < indices.size(); ++v) {
      counts[indices.data()[v]] += 0.3;
      sums.col(indices.data()[v]) += 0.3 * Eigen::Map<const VectorX<double>>(z.data() + v * width, width);
    }
    model.fit(x, Sgd{.learning_rate = 1e-3}, {.epochs = 1, .batch_size = count});
    const MatrixX<double> after = codebook(model);
    const double total = counts.sum();
    for (Index k = 0; k < 6; ++k) {
      const double smoothed = (counts[k] + 1e-5) / (total + 6e-5) * total;
      CHECK((after.col(k) - sums.col(k) / smoothed).norm() <= 1e-12);
    }
  };
  check(std::type_identity<Flat>(), 1, 50);
  check(std::type_identity<Flat>(), 2, 50);
  check(std::type_identity<OfImages>(), 1, 50);
  check(std::type_identity<Encoder<Input<6>, Dense<4100>>>(), 1, 7);  // wider than what is summed at a time
}

TEST_CASE("codes in use follow the mean of their vectors") {
  // Two points, two codes: each converges to its point.
  Autoencoder model{Encoder{Input{2}, Identity{}}, Decoder{Identity{}}, SquaredError{}, VectorQuantized<2>{},
                    Precision<double>{}};
  set_codebook(model, (MatrixX<double>(2, 2) << 1, -1, 0, 0).finished());
  const MatrixX<double> x = (MatrixX<double>(2, 4) << 3, 3, -2, -2, 1, 1, -5, -5).finished();
  const auto history = model.fit(x, Sgd{}, {.epochs = 2500, .batch_size = 4});
  CHECK((codebook(model) - (MatrixX<double>(2, 2) << 3, -2, 1, -5).finished()).norm() < 1e-4);
  CHECK(model.evaluate(x).loss < 1e-8);
  CHECK(term(history.epochs.back(), 1) == Approx(2));
}

TEST_CASE("a rarely used code is replaced by a vector of the batch") {
  using E = Encoder<Input<3>, Dense<2>>;
  const auto trained = [](double revive_below, std::uint64_t seed, MatrixX<double>& z) {
    Model<E, VectorQuantized<20>> model{VectorQuantized<20>{.decay = 0, .revive_below = revive_below}};
    MatrixX<double> far = MatrixX<double>::Constant(2, 20, 100);
    far.col(4).setZero();  // takes all
    set_codebook(model, far);
    const MatrixX<double> x = samples_for(model, 30);
    z = unquantized<E>(model.parameters()).encode(x);
    model.fit(x, Sgd{.learning_rate = 0}, {.epochs = 1, .batch_size = 30, .seed = seed});
    return codebook(model);
  };
  MatrixX<double> z;
  const MatrixX<double> revived = trained(0.5, 1, z), left = trained(0, 1, z);
  std::set<Index> drawn;
  for (Index k = 0; k < 20; ++k) {
    Index nearest_sample = 0;
    const double distance = (z.colwise() - revived.col(k)).colwise().norm().minCoeff(&nearest_sample);
    if (k == 4) CHECK((revived.col(k) - z.rowwise().mean()).norm() < 1e-4);
    else CHECK(distance < 1e-4);
    if (k != 4) drawn.insert(nearest_sample);
    if (k != 4) CHECK(left.col(k).norm() < 1e-9);  // neither count nor sum is left of it
  }
  CHECK(drawn.size() >= 7);  // 19 draws from 30: 14.2 different ones on the mean, standard deviation 1.45
  CHECK(trained(0.5, 1, z) == revived);
  CHECK(trained(0.5, 2, z) != revived);
}

TEST_CASE("perplexity and commitment have their closed forms") {
  const VectorQuantized<5> policy{.commitment = 0.5};
  Autoencoder model{Encoder{Input{2}, Identity{}}, Decoder{Identity{}}, SquaredError{}, policy, Precision<double>{}};
  const MatrixX<double> book = (MatrixX<double>(2, 5) << 0, 10, 20, 30, 40, 0, 0, 0, 0, 0).finished();
  set_codebook(model, book);
  const auto evaluate = [&](std::vector<Index> indices, double off) {
    MatrixX<double> x(2, static_cast<Index>(indices.size()));
    for (std::size_t j = 0; j < indices.size(); ++j) x.col(static_cast<Index>(j)) = book.col(indices[j]).array() + off;
    return model.evaluate(x);
  };
  const double close = 1e-12;
  CHECK(term(evaluate({3}, 0), 1) == Approx(1).epsilon(close));
  CHECK(term(evaluate({0, 1, 2, 3}, 0), 1) == Approx(4).epsilon(close));
  CHECK(term(evaluate({4, 4, 4, 4}, 0), 1) == Approx(1).epsilon(close));
  CHECK(term(evaluate({1, 1, 2, 4}, 0), 1) == Approx(std::pow(2, 1.5)).epsilon(close));
  const Evaluation off = evaluate({0, 4, 2}, 0.3);
  CHECK(off.terms[0].name == "commitment");
  CHECK(off.terms[0].in_objective);
  CHECK(term(off, 0) == Approx(0.5 * 2 * 0.09).epsilon(1e-9));
  CHECK(off.loss == Approx(2 * 0.09).epsilon(1e-9));
  CHECK(off.objective() == Approx(off.loss + term(off, 0)));
  CHECK(off.terms[1].name == "perplexity");
  CHECK_FALSE(off.terms[1].in_objective);
  CHECK(std::abs(term(evaluate({0, 1}, 0), 0)) < 1e-12);
}

TEST_CASE("training reports the terms that evaluation reports") {
  using Own = Model<OfImages, VectorQuantized<8>>;
  Own model;
  const MatrixX<double> x = samples_for(model, 40);
  const Evaluation before = model.evaluate(x);
  const auto history = model.fit(x, Adam{}, {.epochs = 1, .batch_size = 40});
  for (std::size_t i = 0; i < 2; ++i) CHECK(term(history.epochs[0], i) == Approx(term(before, i)).epsilon(1e-12));
  CHECK(history.epochs[0].train_loss == Approx(before.objective()).epsilon(1e-12));
  CHECK(term(before, 1) > 1);
  CHECK(term(before, 1) <= 8);
}

TEST_CASE("gradient leaves the codebook unchanged") {
  Model<Flat, VectorQuantized<8>> model;
  const auto before = codebook(model);
  objective(model, samples_for(model, 20), 0);
  CHECK(codebook(model) == before);
}

TEST_CASE("the first codebook has vectors of about unit length, drawn by the seed") {
  Model<Encoder<Input<3>, Dense<50>>, VectorQuantized<400>> model;
  const MatrixX<double> book = codebook(model);
  // Squared lengths are chi-squared with 50 degrees of freedom over 50: variance 2 / 50.
  CHECK(std::abs(book.colwise().squaredNorm().mean() - 1) <= 5 * std::sqrt(0.04 / 400));
  CHECK(std::abs(book.mean()) <= 5 * std::sqrt(1.0 / 50 / 20000));
  model.initialize(1);
  CHECK(codebook(model) != book);
  model.initialize(0);
  CHECK(codebook(model) == book);
}

TEST_CASE("vector quantization refuses what it cannot do") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Index codes : {Index{Dynamic}, Index{0}, (Index{1} << 24) + 1})
    CHECK_THROWS_AS(VectorQuantized{.codes = codes}.validate(), OptionError);
  CHECK_THROWS_AS(VectorQuantized<4>{.codes = 5}.validate(), OptionError);
  CHECK_THROWS_AS(VectorQuantized<4>{.groups = 0}.validate(), OptionError);
  for (const double bad : {-0.1, nan, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(VectorQuantized<4>{.commitment = bad}.validate(), OptionError);
    CHECK_THROWS_AS(VectorQuantized<4>{.decay = bad}.validate(), OptionError);
    CHECK_THROWS_AS(VectorQuantized<4>{.revive_below = bad}.validate(), OptionError);
  }
  CHECK_THROWS_AS(VectorQuantized<4>{.decay = 1}.validate(), OptionError);
  CHECK_THROWS_AS(VectorQuantized<4>{.revive_below = 1}.validate(), OptionError);
  CHECK_NOTHROW(VectorQuantized<1>{.commitment = 0, .decay = 0, .revive_below = 0}.validate());
  const auto message = thrown<OptionError>([] { Model<Flat, VectorQuantized<4>>{VectorQuantized<4>{.groups = 3}}; });
  CHECK(says(message, {"groups", "3", "4 values"}));
  const auto of_images =
      thrown<OptionError>([] { Model<OfImages, VectorQuantized<4>>{VectorQuantized<4>{.groups = 8}}; });
  CHECK(says(of_images, {"groups", "8", "4 channels"}));
  using ByValue = Model<Flat, VectorQuantized<>>;
  CHECK_THROWS_AS(ByValue{}, OptionError);
}

}  // namespace vector_quantized_test
