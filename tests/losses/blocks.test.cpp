#include <eigencoder/eigencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"
#include "laws/samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

namespace blocks_test {

using namespace eigencoder;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Blocks of one column and of many, so that runs of one loss begin and end within the values computed at a time.
Blocks table() {
  Blocks blocks{{{"a", 1, BlockLoss::gaussian}, {"b", 1, BlockLoss::gaussian, 0.25}, {"c", 3, BlockLoss::categorical, 2}}};
  for (const Index size : {1, 40, 100, 1, 7}) blocks.blocks.push_back({"", size, BlockLoss::gaussian, 0.5});
  for (const Index size : {2, 130, 1, 1}) blocks.blocks.push_back({"", size, BlockLoss::bernoulli, 3});
  for (const Index size : {300, 1, 16, 15}) blocks.blocks.push_back({"", size, BlockLoss::squared_error});
  blocks.blocks.push_back({"d", 20, BlockLoss::categorical, 0.5});
  blocks.blocks.push_back({"e", 1, BlockLoss::bernoulli});
  return blocks;
}
Index size_of(const Blocks& blocks) {
  Index sum = 0;
  for (const Block& block : blocks.blocks) sum += block.size;
  return sum;
}

struct Sample {
  std::vector<double> output, target, log_variances;
};
/// A sample that the blocks take.
Sample sample_of(const Blocks& blocks, std::uint64_t seed = 3) {
  Random random(seed, Purpose::user);
  Sample sample;
  for (const Block& block : blocks.blocks) {
    double mass = 0;
    const std::size_t first = sample.target.size();
    for (Index i = 0; i < block.size; ++i) {
      sample.output.push_back(2 * random.normal());
      sample.target.push_back(random.uniform());
      mass += sample.target.back();
      if (block.loss == BlockLoss::gaussian) sample.log_variances.push_back(0.5 * random.normal());
    }
    if (block.loss == BlockLoss::categorical)
      for (std::size_t i = first; i < sample.target.size(); ++i) sample.target[i] /= mass;
  }
  return sample;
}

/// The loss of one block by the library's single losses, and `scale` times its derivative by the output.
double single_loss(const Block& block, const double* y, const double* t, const double* log_variance, double* delta,
                   double scale) {
  if (block.loss == BlockLoss::bernoulli)
    return Bernoulli{}.value_and_gradient(y, t, delta, block.size, block.size, scale);
  if (block.loss == BlockLoss::categorical)
    return Categorical{}.value_and_gradient(y, t, delta, block.size, block.size, scale);
  if (block.loss == BlockLoss::squared_error)
    return SquaredError{}.value_and_gradient(y, t, delta, block.size, block.size, scale);
  double sum = 0;
  for (Index i = 0; i < block.size; ++i)
    sum += Gaussian{std::exp(log_variance[i])}.value_and_gradient(y + i, t + i, delta + i, 1, 1, scale);
  return sum;
}

struct Expected {
  double loss = 0;
  std::vector<double> delta, terms;
};
/// The same for a whole sample, block by block. Blocks whose first target is NaN are left out.
Expected expected_of(const Blocks& blocks, const Sample& s, double scale) {
  Expected expected;
  expected.delta.resize(s.output.size());
  std::size_t at = 0, learned = 0;
  for (const Block& block : blocks.blocks) {
    double loss = 0;
    if (!std::isnan(s.target[at]))
      loss = single_loss(block, &s.output[at], &s.target[at], s.log_variances.data() + learned, &expected.delta[at],
                         scale * block.weight);
    expected.loss += block.weight * loss;
    if (!block.name.empty()) expected.terms.push_back(loss);
    at += static_cast<std::size_t>(block.size);
    if (block.loss == BlockLoss::gaussian) learned += static_cast<std::size_t>(block.size);
  }
  return expected;
}

void check_values(const std::vector<double>& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO("value " << i);
    CHECK(values[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-13));
  }
}

TEST_CASE("blocks satisfy the contracts") {
  STATIC_REQUIRE(Loss<Blocks>);
  STATIC_REQUIRE(LearnedLoss<Blocks>);
  STATIC_REQUIRE(ReportsTerms<Blocks>);
  STATIC_REQUIRE(SkipsUnknown<Blocks>);
  STATIC_REQUIRE_FALSE(SeparableLoss<Blocks>);
  STATIC_REQUIRE_FALSE(Likelihood<Blocks>);
  STATIC_REQUIRE_FALSE(ReportsTerms<SquaredError>);
  STATIC_REQUIRE_FALSE(SkipsUnknown<Categorical>);
}

TEST_CASE("the loss of blocks is the weighted sum of the single losses") {
  const Blocks blocks = table();
  const Index size = size_of(blocks);
  Sample s = sample_of(blocks);
  CHECK(blocks.learned_count(size) == static_cast<Index>(s.log_variances.size()));
  const auto check = [&](const auto& loss) {
    const Expected expected = expected_of(blocks, s, 0.3);
    std::vector<double> delta(s.output.size()), terms(5);
    const double value =
        loss.value_and_gradient(s.output.data(), s.target.data(), delta.data(), size, size, 0.3, terms.data());
    CHECK(value == Approx(expected.loss).epsilon(1e-12));
    check_values(delta, expected.delta);
    check_values(terms, expected.terms);
    double* const none = nullptr;
    CHECK(value == loss.value_and_gradient(s.output.data(), s.target.data(), none, size, size, 0.3));

    // Where all is known, skipping changes not one bit.
    std::vector<double> known_delta(delta.size()), known_terms(5);
    CHECK(value == loss.known_value_and_gradient(s.output.data(), s.target.data(), known_delta.data(), size, size, 0.3,
                                                 known_terms.data()));
    CHECK(known_delta == delta);
    CHECK(known_terms == terms);
  };
  check(blocks.at(s.log_variances.data()));
  std::fill(s.log_variances.begin(), s.log_variances.end(), 0.0);
  check(blocks);
}

TEST_CASE("in single precision the loss of blocks is the same but for rounding") {
  const Blocks blocks = table();
  const Index size = size_of(blocks);
  const Sample s = sample_of(blocks);
  const auto narrow = [](const std::vector<double>& v) { return std::vector<float>(v.begin(), v.end()); };
  const std::vector<float> y = narrow(s.output), t = narrow(s.target), l = narrow(s.log_variances);
  std::vector<float> delta(y.size());
  const Expected expected = expected_of(blocks, s, 1);
  CHECK(blocks.at(l.data()).value_and_gradient(y.data(), t.data(), delta.data(), size, size, 1.0) ==
        Approx(expected.loss).epsilon(1e-6));
  for (std::size_t i = 0; i < delta.size(); ++i) CHECK(delta[i] == Approx(expected.delta[i]).margin(2e-5));
}

TEST_CASE("what is unknown costs nothing, in any block") {
  const Blocks blocks{{{"one", 1, BlockLoss::gaussian}, {"kind", 4, BlockLoss::categorical, 2},
                       {"flag", 1, BlockLoss::bernoulli, 3}, {"other", 1, BlockLoss::squared_error},
                       {"last", 1, BlockLoss::gaussian}}};
  const Index starts[] = {0, 1, 5, 6, 7};
  for (std::size_t gap = 0; gap < 5; ++gap) {
    Sample s = sample_of(blocks);
    std::fill_n(s.target.begin() + starts[gap], blocks.blocks[gap].size, nan);
    CHECK(blocks.is_valid_known_target(s.target.data(), 8, 8));
    std::vector<double> delta(8, 7.0), terms(5, 7.0), sums(2, 0.0);
    const Expected expected = expected_of(blocks, s, 0.5);
    const auto loss = blocks.at(s.log_variances.data());
    CHECK(loss.known_value_and_gradient(s.output.data(), s.target.data(), delta.data(), 8, 8, 0.5, terms.data()) ==
          Approx(expected.loss));
    check_values(delta, expected.delta);
    check_values(terms, expected.terms);
    CHECK(terms[gap] == 0);
    blocks.add_derivatives(s.output.data(), s.target.data(), s.log_variances.data(), 8, 1.0, sums.data());
    CHECK((sums[0] == 0) == (gap == 0));
    CHECK((sums[1] == 0) == (gap == 4));
  }
  // A column that is unknown in the middle of a wide block.
  const Blocks wide{{{"wide", 200, BlockLoss::gaussian}}};
  Sample s = sample_of(wide);
  s.target[130] = nan;
  std::vector<double> delta(200);
  const double value = wide.at(s.log_variances.data())
                           .known_value_and_gradient(s.output.data(), s.target.data(), delta.data(), 200, 200, 1.0);
  CHECK(delta[130] == 0);
  for (auto* values : {&s.output, &s.target, &s.log_variances}) values->erase(values->begin() + 130);
  const Blocks narrower{{{"wide", 199, BlockLoss::gaussian}}};
  CHECK(value == Approx(expected_of(narrower, s, 1).loss));
}

TEST_CASE("the derivatives by the learned log variances") {
  const Blocks blocks = table();
  const Index size = size_of(blocks);
  Sample s = sample_of(blocks);
  std::vector<double> sums(s.log_variances.size(), 1.0), numeric(sums.size());
  blocks.add_derivatives(s.output.data(), s.target.data(), s.log_variances.data(), size, 0.5, sums.data());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double value = s.log_variances[i];
    numeric[i] = 1 + 0.5 * central_difference([&](double h) {
                   s.log_variances[i] = value + h;
                   const double loss = blocks.at(s.log_variances.data())
                                           .value_and_gradient(s.output.data(), s.target.data(),
                                                               static_cast<double*>(nullptr), size, size, 1.0);
                   s.log_variances[i] = value;
                   return loss;
                 });
  }
  CHECK(relative_error(sums, numeric) <= 1e-9);
}

TEST_CASE("a variance has a lower bound") {
  const Blocks blocks{{{"a", 2, BlockLoss::gaussian}}};
  const double y[] = {1, 0.001}, t[] = {1, 0}, below[] = {-12.5, -400}, at[] = {lowest_log_variance, -12};
  const auto value = [&](const double* log_variances) {
    return blocks.at(log_variances).value_and_gradient(y, t, static_cast<double*>(nullptr), 2, 2, 1.0);
  };
  CHECK(value(below) == value(at));
  CHECK(value(at) == Approx(std::log(2 * std::numbers::pi) - 12 + 1e-6 * std::exp(12) / 2));
  double sums[] = {0, 0};
  blocks.add_derivatives(y, t, below, 2, 1.0, sums);
  CHECK(sums[0] == 0);
  CHECK(sums[1] == 0);

  // A constant column is learned without an end to its variance.
  const MatrixX<double> x = MatrixX<double>::Constant(2, 32, 0.25);
  Autoencoder model{Encoder{Input{2}, Dense{2}}, Mirror{}, blocks, Precision<double>{}};
  model.fit(x, Adam{.learning_rate = 0.1}, {.epochs = 1500, .schedule = CosineSchedule{}});
  const double least = std::log(2 * std::numbers::pi) - 12;  // where nothing is wrong
  CHECK(model.evaluate(x).loss >= least);
  CHECK(model.evaluate(x).loss < least + 2);  // how far the last errors fall depends on the processor
}

TEST_CASE("a block of weight 0 is measured but not trained") {
  Blocks blocks{{{"trained", 2, BlockLoss::squared_error}, {"watched", 2, BlockLoss::gaussian, 0},
                 {"kind", 2, BlockLoss::categorical, 0}}};
  const std::vector<double> y{1, 2, 1e200, 3, 1, 2}, t{0, 0, 0, 0, 1, 0};
  std::vector<double> delta(6, 7.0), terms(3), sums(2, 0.0);
  CHECK(blocks.value_and_gradient(y.data(), t.data(), delta.data(), 6, 6, 1.0, terms.data()) == 5);
  CHECK(delta == std::vector<double>{2, 4, 0, 0, 0, 0});
  CHECK(terms[0] == 5);
  CHECK(std::isinf(terms[1]));
  CHECK(terms[2] == Approx(std::log1p(std::exp(1))));
  const double log_variances[] = {0, 0};
  blocks.add_derivatives(y.data(), t.data(), log_variances, 6, 1.0, sums.data());
  CHECK(sums == std::vector<double>{0, 0});
}

TEST_CASE("the mean of blocks is that of each block's loss") {
  const Blocks blocks{{{"a", 2, BlockLoss::gaussian}, {"b", 3, BlockLoss::categorical}, {"c", 1, BlockLoss::bernoulli},
                       {"d", 2, BlockLoss::categorical}, {"e", 1, BlockLoss::squared_error}}};
  std::vector<double> y{5, -5, 1, 1, 1, 0, 3, 3, -7};
  blocks.to_mean(y.data(), 9, 9);
  check_values(y, {5, -5, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0.5, 0.5, 0.5, -7});
}

TEST_CASE("targets outside a block's range are refused by its name") {
  const Blocks blocks{{{"a", 1, BlockLoss::gaussian}, {"color", 3, BlockLoss::categorical},
                       {"", 2, BlockLoss::bernoulli}}};
  const auto valid = [&](std::vector<double> t) { return blocks.is_valid_target(t.data(), 6, 6); };
  const auto valid_known = [&](std::vector<double> t) { return blocks.is_valid_known_target(t.data(), 6, 6); };
  CHECK(valid({9, 0, 1, 0, 1, 0.5}));
  CHECK_FALSE(valid({9, 0, 1, 0.5, 1, 0.5}));
  CHECK_FALSE(valid({9, 0, 1, 0, 1, 1.5}));
  CHECK_FALSE(valid({9, nan, nan, nan, 1, 1}));
  CHECK_FALSE(valid({9, 0, 1, 0, nan, 1}));
  CHECK(valid_known({9, 0, 1, 0, 1, 0.5}));
  CHECK(valid_known({nan, nan, nan, nan, nan, 0.5}));
  CHECK_FALSE(valid_known({9, 0, 1, nan, 1, 0.5}));
  CHECK_FALSE(valid_known({9, nan, 1, 0, 1, 0.5}));
  CHECK_FALSE(valid_known({9, 0, 1, 0, nan, -1}));

  Autoencoder model{Encoder{Input{6}, Dense{3}}, Mirror{}, blocks};
  MatrixX<float> x = MatrixX<float>::Zero(6, 5);
  x.row(2).setOnes();
  CHECK_NOTHROW(model.evaluate(x));
  x(5, 3) = 2;
  CHECK(says(thrown<DataError>([&] { model.fit(x, Adam{}); }), {"sample 3", "Blocks", "values in [0, 1] in block 2"}));
  x(1, 2) = 1;
  CHECK(says(thrown<DataError>([&] { model.evaluate(x); }), {"sample 2", "sum to 1", "in block 1, 'color'"}));
  x(1, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { model.evaluate(x); }), {"sample 2", "NaN at value 1"}));
}

TEST_CASE("blocks that cannot be are refused in a sentence") {
  const auto built = [](const Blocks& blocks) {
    return [&blocks] { Autoencoder{Encoder{Input{4}, Dense{2}}, Mirror{}, blocks}; };
  };
  const auto refused = [&](const Blocks& blocks, std::initializer_list<std::string_view> words) {
    CHECK(says(thrown<OptionError>(built(blocks)), words));
  };
  refused({}, {"Blocks.blocks must hold at least one block"});
  refused({{{"a", 0}, {"b", 4}}}, {"block 0, 'a'", "size must be at least 1"});
  refused({{{"a", 5}, {"b", -1}}}, {"block 1, 'b'", "size must be at least 1"});
  refused({{{"a", 4, BlockLoss::gaussian, -1}}}, {"block 0, 'a'", "weight must be finite and at least 0"});
  refused({{{"a", 4, BlockLoss::gaussian, nan}}}, {"block 0, 'a'", "weight must be finite and at least 0"});
  refused({{{"a", 2, BlockLoss::gaussian, 0}, {"b", 2, BlockLoss::bernoulli, 0}}}, {"a block whose weight is not 0"});
  refused({{{"a", 2}, {"b", 1}, {"a", 1}}}, {"two blocks", "the name 'a'"});
  refused({{{"a", 4, static_cast<BlockLoss>(9)}}}, {"block 0, 'a'", "BlockLoss"});
  const auto unfit = [&](const Blocks& blocks, std::initializer_list<std::string_view> words) {
    CHECK(says(thrown<CompositionError>(built(blocks)), words));
  };
  unfit({{{"a", 2}, {"b", 1}}}, {"got 3 values in 2 blocks, expected 4"});
  unfit({{{"a", std::numeric_limits<Index>::max()}, {"b", std::numeric_limits<Index>::max()}}}, {"expected 4"});
  CHECK_NOTHROW(built({{{"", 2}, {"", 2}}})());
}

using Table = Encoder<Input<7>, Dense<5>, Tanh, Dense<3>>;
const Blocks columns{{{"price", 2, BlockLoss::gaussian, 0.5}, {"color", 3, BlockLoss::categorical, 2},
                      {"", 1, BlockLoss::bernoulli}, {"rest", 1, BlockLoss::squared_error, 3}}};

/// The weighted sum of terms of `columns`; what has no name is missing.
double weighted_sum(const std::vector<Term>& terms) {
  return 0.5 * terms.at(0).value + 2 * terms.at(1).value + 3 * terms.at(2).value;
}

TEST_CASE("each block's mean loss is reported by its name") {
  const MatrixX<double> x = laws::table_samples(7, 40, 9);
  std::vector<EpochReport> epochs;
  Evaluation found;
  {
    Autoencoder<Table, Decoder<Mirror>, Blocks, WeightDecay<>, Precision<double>> model{columns};
    model.fit(x, Adam{}, {.epochs = 2, .batch_size = 16, .validation_split = 0.2});
    epochs = model.epochs();
    found = model.evaluate(x);
    const MatrixX<double> y = model.activation(x, model.layer_count() - 1);
    const double* learned = model.parameters().data() + model.layout().blocks().back().offset;
    CHECK(learned[0] != 0);
    double flag = 0;
    std::vector<double> sums(3);
    for (Index j = 0; j < 40; ++j) {
      std::vector<double> terms(3);
      columns.at(learned).value_and_gradient(y.col(j).data(), x.col(j).data(), static_cast<double*>(nullptr), 7, 7, 1.0,
                                             terms.data());
      for (std::size_t k = 0; k < 3; ++k) sums[k] += terms[k] / 40;
      flag += Bernoulli{}.value_and_gradient(y.col(j).data() + 5, x.col(j).data() + 5, static_cast<double*>(nullptr), 1,
                                             1, 1.0) / 40;
    }
    REQUIRE(found.terms.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) CHECK(found.terms[k].value == Approx(sums[k]).epsilon(1e-12));
    CHECK(found.loss == Approx(weighted_sum(found.terms) + flag).epsilon(1e-12));
    CHECK(found.objective() == found.loss);
  }
  // The model is gone, its reports have their names.
  const char* names[] = {"price", "color", "rest"};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(found.terms[k].name == names[k]);
    CHECK_FALSE(found.terms[k].in_objective);
  }
  REQUIRE(epochs.size() == 2);
  for (const EpochReport& epoch : epochs) {
    REQUIRE(epoch.terms.size() == 4);
    CHECK(epoch.terms[0].name == "WeightDecay");
    for (std::size_t k = 0; k < 3; ++k) CHECK(epoch.terms[k + 1].name == names[k]);
    CHECK(epoch.loss() == Approx(epoch.train_loss - epoch.terms[0].value));
  }
}

TEST_CASE("reported losses of training are weighted as the samples, and means over draws") {
  Blocks named = columns;
  named.blocks[2].name = "flag";
  const auto check = [&](auto model, double trim) {
    FitOptions<double> options{.epochs = 2, .batch_size = 16, .trim = trim};
    std::vector<double> weights;
    for (int j = 0; j < 40; ++j) weights.push_back(0.5 * (j % 4));
    options.sample_weights = weights;
    const auto history = model.fit(laws::table_samples(7, 40, 9), Adam{}, options);
    for (const EpochReport& epoch : history.epochs) {
      double sum = 0;
      for (const Term& term : epoch.terms)
        for (const Block& block : named.blocks)
          if (block.name == term.name) sum += block.weight * term.value;
      CHECK(sum == Approx(epoch.loss()).epsilon(1e-12));
    }
  };
  using Plain = Autoencoder<Table, Decoder<Mirror>, Blocks, Precision<double>>;
  check(Plain{named}, 0);
  check(Plain{named}, 0.2);
  check(Autoencoder<Table, Decoder<Mirror>, Blocks, Variational<>, Precision<double>>{
            named, Variational{KullbackLeibler{}, 3}}, 0);
  check(Autoencoder<Table, Decoder<Mirror>, Blocks, ImportanceWeighted, Precision<double>>{
            named, ImportanceWeighted{3}}, 0);
}

TEST_CASE("samples of weight 0 teach blocks nothing, however far off they are") {
  MatrixX<float> x = laws::table_samples<float>(7, 20, 9), spoiled = x;
  spoiled(0, 5) = spoiled(6, 5) = 3e19F;  // the square is infinite
  FitOptions<float> options{.epochs = 3, .batch_size = 8};
  std::vector<double> weights(20, 1.0);
  weights[5] = 0;
  options.sample_weights = weights;
  Autoencoder<Table, Decoder<Mirror>, Blocks> model{columns}, other{columns};
  const auto with = model.fit(x, Adam{}, options), without = other.fit(spoiled, Adam{}, options);
  CHECK(std::ranges::equal(model.parameters(), other.parameters()));
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(with.epochs.back().terms[k].value == without.epochs.back().terms[k].value);
}

TEST_CASE("a model of blocks learns its columns and their variances") {
  // One hidden value decides all columns: the price with noise of standard deviation 0.1, which the inputs do not have,
  // the color without any.
  Random random(3, Purpose::user);
  MatrixX<float> x = MatrixX<float>::Zero(5, 600);
  for (Index j = 0; j < 600; ++j) {
    const Index color = j % 3;
    x(0, j) = static_cast<float>(static_cast<double>(color) - 1 + 0.1 * random.normal());
    x(1 + color, j) = 1;
    x(4, j) = color == 2 ? 1 : 0;
  }
  MatrixX<float> clean = x;
  for (Index j = 0; j < 600; ++j) clean(0, j) = static_cast<float>(j % 3 - 1);
  Autoencoder model{Encoder{Input{5}, Dense{8}, Tanh{}, Dense{1}, Tanh{}, Dense{1}}, Mirror{},
                    Blocks{{{"price", 1, BlockLoss::gaussian}, {"color", 3, BlockLoss::categorical},
                            {"last", 1, BlockLoss::bernoulli}}}};
  model.fit(clean, x, Adam{.learning_rate = 1e-2}, {.epochs = 150});
  const Evaluation found = model.evaluate(clean, x);
  CHECK(found.terms[1].value < 0.05);
  CHECK(found.terms[2].value < 0.05);
  const MatrixX<float> y = model.reconstruct(clean);
  CHECK((y.middleRows(1, 3).colwise().sum().array() - 1).abs().maxCoeff() < 1e-5F);
  const double mse = static_cast<double>((y.row(0) - x.row(0)).squaredNorm()) / 600;
  const double log_variance = model.parameters()[static_cast<std::size_t>(model.layout().blocks().back().offset)];
  CHECK(log_variance < -2);
  CHECK(log_variance == Approx(std::log(mse)).margin(0.2));
}

}  // namespace blocks_test
