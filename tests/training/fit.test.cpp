// The training loop: what an epoch does, what is reported, when it ends.
#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <memory>

using namespace eigencoder;

namespace fit_test {

namespace {

using Model = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;
using ByHand = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                          Precision<double>>;

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(12, 23);
  return x;
}
const MatrixX<float>& held_out() {
  static const MatrixX<float> x = unit_samples(12, 9, 2);
  return x;
}

template <class M>
std::vector<typename M::Scalar> gradient(const M& model, const MatrixX<typename M::Scalar>& x) {
  std::vector<typename M::Scalar> g(model.parameters().size());
  model.gradient(x, x, g);
  return g;
}

// Makes the watched loss a list of our own: at the end of epoch n the model is put where its validation loss
// is `losses[n - 1]`, by its output bias alone.
struct BiasSetter {
  ByHand* model;
  std::vector<double> levels;

  void on_batch(const BatchReport& report) const {
    const auto& last = model->layout().blocks().back();
    for (double& w : model->parameters()) w = 0;
    for (Index i = 0; i < last.size(); ++i)
      model->parameters()[static_cast<std::size_t>(last.offset + i)] =
          levels.at(static_cast<std::size_t>(report.epoch) - 1);
  }
  void operator()(const EpochReport&) const {}
};

// Validation on zeros: a model that answers b everywhere has the loss 12 b^2.
History fit_with_losses(const std::vector<double>& levels, const EarlyStopping& stopping, ByHand& model) {
  const MatrixX<double> zeros = MatrixX<double>::Zero(12, 4);
  return model.fit(laws::samples(12, 5, false), Sgd{.learning_rate = 0},
                   {.epochs = static_cast<Index>(levels.size()),
                    .validation = zeros,
                    .early_stopping = stopping,
                    .observer = BiasSetter{&model, levels}});
}

}  // namespace

TEST_CASE("a step of SGD is the mean gradient of the batch, and an epoch goes through all of them") {
  const MatrixX<double> x = laws::samples(12, 23, false);
  ByHand model, by_hand;
  const auto history =
      model.fit(x, Sgd{.learning_rate = 0.05}, {.epochs = 2, .batch_size = 10, .shuffle = false});
  double seen = 0;
  for (int epoch = 0; epoch < 2; ++epoch) {
    seen = 0;
    for (const Index first : {0, 10, 20}) {
      const MatrixX<double> batch = x.middleCols(first, first == 20 ? 3 : 10);
      std::vector<double> g(by_hand.parameters().size());
      seen += by_hand.gradient(batch, batch, g) * static_cast<double>(batch.cols());
      for (std::size_t i = 0; i < g.size(); ++i) by_hand.parameters()[i] -= 0.05 * g[i];
    }
    CHECK(history.epochs[static_cast<std::size_t>(epoch)].train_loss == Approx(seen / 23));
  }
  for (const auto& block : model.layout().blocks())
    for (Index i = block.offset; i < block.offset + block.size(); ++i)
      CHECK(model.parameters()[static_cast<std::size_t>(i)] ==
            Approx(by_hand.parameters()[static_cast<std::size_t>(i)]).margin(1e-13));
}

TEST_CASE("the order of the samples is drawn, unless shuffling is off") {
  Model drawn, in_order, reversed;
  MatrixX<float> backwards = data().rowwise().reverse();
  drawn.fit(data(), Sgd{}, {.epochs = 2, .batch_size = 4});
  in_order.fit(data(), Sgd{}, {.epochs = 2, .batch_size = 4, .shuffle = false});
  reversed.fit(backwards, Sgd{}, {.epochs = 2, .batch_size = 4, .shuffle = false});
  CHECK(bits(drawn) != bits(in_order));
  CHECK(bits(reversed) != bits(in_order));
}

TEST_CASE("targets are what the model learns to give") {
  const MatrixX<float> inputs = unit_samples(12, 40, 3);
  MatrixX<float> targets = inputs.colwise().reverse();
  Autoencoder<Encoder<Input<12>, Dense<12>>, Decoder<Dense<12>>, SquaredError> model;
  const auto history = model.fit(inputs, targets, Adam{.learning_rate = 0.01}, {.epochs = 400});
  CHECK(history.epochs.back().train_loss < 0.01 * history.epochs.front().train_loss);
  CHECK(model.evaluate(inputs, targets).loss < 0.1 * model.evaluate(inputs, inputs).loss);
}

TEST_CASE("history and observers get the same reports, for each epoch and batch") {
  struct Notes {
    std::vector<EpochReport> epochs;
    std::vector<BatchReport> batches;
  };
  struct Writer {
    std::shared_ptr<Notes> notes;
    void operator()(const EpochReport& report) { notes->epochs.push_back(report); }
    void on_batch(const BatchReport& report) { notes->batches.push_back(report); }
  };
  const auto notes = std::make_shared<Notes>();
  Model model;
  model.fit(data(), Adam{}, {.epochs = 2, .batch_size = 10});
  const auto history =
      model.fit(data(), Adam{.learning_rate = 0.5e-3},
                {.epochs = 3, .batch_size = 10, .validation = held_out(), .observer = Writer{notes}});
  REQUIRE(history.epochs.size() == 3);
  REQUIRE(notes->epochs.size() == 3);
  REQUIRE(notes->batches.size() == 9);
  REQUIRE(model.epochs().size() == 5);
  for (std::size_t i = 0; i < 3; ++i) {
    const EpochReport& report = history.epochs[i];
    CHECK(report.epoch == static_cast<Index>(i) + 3);
    CHECK(report.epochs == 5);
    CHECK(report.learning_rate == 0.5e-3);
    CHECK(report.seconds >= 0);
    CHECK(report.has_validation());
    CHECK(report.watched_loss() == report.validation_loss);
    CHECK(report.terms.empty());
    CHECK(same(report, notes->epochs[i]));
    CHECK(same(report, model.epochs()[i + 2]));
    for (std::size_t b = 0; b < 3; ++b) {
      const BatchReport& batch = notes->batches[3 * i + b];
      CHECK(batch.epoch == report.epoch);
      CHECK(batch.epochs == 5);
      CHECK(batch.batch == static_cast<Index>(b) + 1);
      CHECK(batch.batches == 3);
    }
    CHECK(notes->batches[3 * i + 2].loss == Approx(report.train_loss));
  }
  CHECK(history.best_epoch == 5);
  CHECK_FALSE(history.stopped_early);
  CHECK_FALSE(history.restored_best);
  CHECK_FALSE(model.epochs().front().has_validation());
  CHECK(model.epochs().front().watched_loss() == model.epochs().front().train_loss);
  CHECK(history.epochs.back().validation_loss == model.evaluate(held_out()).loss);
}

TEST_CASE("an observer may return nothing, or a signal that ends training") {
  Model stopped, shorter;
  Index calls = 0;
  const auto history = stopped.fit(data(), Adam{}, {.epochs = 10, .observer = [&](const EpochReport& report) {
                                                      ++calls;
                                                      return report.epoch == 3 ? Signal::stop : Signal::proceed;
                                                    }});
  CHECK(calls == 3);
  CHECK(history.stopped_early);
  CHECK(history.epochs.size() == 3);
  shorter.fit(data(), Adam{}, {.epochs = 3, .observer = [&](const EpochReport&) { ++calls; }});
  CHECK(calls == 6);
  CHECK(bits(stopped) == bits(shorter));
  stopped.fit(data(), Adam{}, {.epochs = 2});
  shorter.fit(data(), Adam{}, {.epochs = 2});
  CHECK(bits(stopped) == bits(shorter));
}

TEST_CASE("the largest number of epochs lasts until the observer stops, also in a further fit") {
  Model model;
  constexpr Index most = std::numeric_limits<Index>::max();
  const auto stop_at = [](Index epoch) {
    return [epoch](const EpochReport& report) { return report.epoch == epoch ? Signal::stop : Signal::proceed; };
  };
  for (const Index last : {2, 5}) {
    const auto history =
        model.fit(data(), Adam{}, {.epochs = most, .batch_size = most, .observer = stop_at(last)});
    CHECK(history.stopped_early);
    CHECK(history.epochs.back().epoch == last);
    CHECK(history.epochs.back().epochs == most);
  }
  CHECK(model.epochs().size() == 5);
}

TEST_CASE("on_end is called once, however training ends") {
  struct Ends {
    Index* ends;
    Index throw_at;
    Signal operator()(const EpochReport& report) const {
      if (report.epoch == throw_at) throw 1;
      return report.epoch == 2 ? Signal::stop : Signal::proceed;
    }
    void on_end() const {
      ++*ends;
      throw 2;  // too late to matter
    }
  };
  Index ends = 0;
  Model model;
  CHECK(model.fit(data(), Adam{}, {.epochs = 3, .observer = Ends{&ends, 0}}).stopped_early);
  CHECK(ends == 1);
  CHECK_THROWS_AS(model.fit(data(), Adam{}, {.epochs = 3, .observer = Ends{&ends, 4}}), ObserverError);
  CHECK(ends == 2);
  CHECK_THROWS_AS(model.fit(data(), Sgd{.learning_rate = 1e45}, {.epochs = 3, .observer = Ends{&ends, 0}}),
                  DivergenceError);
  CHECK(ends == 3);
}

TEST_CASE("on_begin is called once, and may throw") {
  struct Begins {
    std::string* calls;
    bool refuse;
    void on_begin() const {
      *calls += "begin ";
      if (refuse) throw DataError("not today");
    }
    void on_batch(const BatchReport&) const { *calls += 'b'; }
    void operator()(const EpochReport&) const { *calls += " epoch"; }
  };
  std::string calls;
  Model model;
  model.fit(data(), Adam{}, {.epochs = 1, .batch_size = 1000, .observer = Observers{Begins{&calls, false}}});
  CHECK(calls == "begin b epoch");
  const auto before = bits(model);
  CHECK_THROWS_AS(model.fit(data(), Sgd{}, {.epochs = 1, .observer = Begins{&calls, true}}), DataError);
  CHECK(calls == "begin b epochbegin ");
  CHECK(bits(model) == before);
}

TEST_CASE("a validation set changes no parameter, and a split is a set drawn by the seed") {
  Model alone, watched;
  alone.fit(data(), Adam{}, {.epochs = 3});
  watched.fit(data(), Adam{}, {.epochs = 3, .validation = held_out()});
  CHECK(bits(alone) == bits(watched));

  // Parts of a split, given as sets in the same order, do the same.
  const Split parts = split(data().cols(), 0.3, 11);
  const MatrixX<float> train = take(data(), parts.train), validation = take(data(), parts.test);
  Model by_split, by_set;
  const auto first =
      by_split.fit(data(), Sgd{}, {.epochs = 3, .seed = 11, .shuffle = false, .validation_split = 0.3});
  const auto second =
      by_set.fit(train, Sgd{}, {.epochs = 3, .seed = 11, .shuffle = false, .validation = validation});
  CHECK(bits(by_split) == bits(by_set));
  for (std::size_t i = 0; i < 3; ++i) CHECK(same(first.epochs[i], second.epochs[i]));

  // With targets of their own, the validation targets count.
  Model pairs;
  const MatrixX<float> targets = unit_samples(12, 9, 5);
  const auto history =
      pairs.fit(data(), Adam{}, {.epochs = 1, .validation = held_out(), .validation_targets = targets});
  CHECK(history.epochs.back().validation_loss == pairs.evaluate(held_out(), targets).loss);
}

TEST_CASE("options own a temporary validation set and refer to a named one") {
  const auto made = [] { return held_out(); };
  FitOptions<float> options{.epochs = 2, .validation = made(), .validation_targets = unit_samples(12, 9, 5)};
  const FitOptions<float> copied = options;
  options = {};  // the copy has its share
  CHECK(copied.validation.view().data() != held_out().data());
  Model model;
  const double loss = model.fit(data(), Adam{}, copied).epochs.back().validation_loss;
  CHECK(loss == model.evaluate(held_out(), unit_samples(12, 9, 5)).loss);

  Dataset<float> set{.samples = held_out(), .shape = Shape::flat(12)};
  const MatrixX<float>& matrix = set.samples;
  CHECK(FitOptions<float>{.validation = set}.validation.view().data() == matrix.data());
  CHECK(FitOptions<float>{.validation = matrix}.validation.view().data() == matrix.data());
  const auto two = matrix.leftCols(2);
  const Eigen::Map<const MatrixX<float>> map(matrix.data(), 12, 9);
  CHECK(FitOptions<float>{.validation = two}.validation.view() == View<float>(two));
  CHECK(FitOptions<float>{.validation = View<float>(matrix)}.validation.view() == View<float>(matrix));
  CHECK(FitOptions<float>{.validation = Eigen::Map<const MatrixX<float>>(map)}.validation.view() ==
        View<float>(matrix));
  CHECK(FitOptions<float>{.validation = {matrix.data(), 12, 9}}.validation.view() == View<float>(matrix));
  const FitOptions<float> part{.validation = made().rightCols(2)};  // of a temporary matrix
  CHECK(part.validation.view().matrix() == held_out().rightCols(2));
  const FitOptions<float> moved{.validation = std::move(set)};
  CHECK(moved.validation.view().matrix() == held_out());
}

TEST_CASE("a last batch may be short, but one sample joins the batch before if samples are compared") {
  struct Counter {
    Index* batches;
    void operator()(const EpochReport&) {}
    void on_batch(const BatchReport& report) { *batches = report.batches; }
  };
  Index batches = 0;
  const FitOptions<float> options{.epochs = 1, .batch_size = 11, .observer = Counter{&batches}};
  Model plain;
  plain.fit(data(), Adam{}, options);  // 11, 11, 1
  CHECK(batches == 3);
  Autoencoder<Encoder<Input<12>, Dense<6>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>
      normalized;
  normalized.fit(data(), Adam{}, options);
  CHECK(batches == 2);
  for (const float value : normalized.statistics()) CHECK(std::isfinite(value));
  Autoencoder<Encoder<Input<12>, Dense<3>>, Decoder<Mirror>, SquaredError, Variational<MaximumMeanDiscrepancy>> matched;
  matched.fit(data(), Adam{}, options);
  CHECK(batches == 2);
}

TEST_CASE("early stopping waits for its patience and restores the best epoch") {
  ByHand model;
  const auto history = fit_with_losses({5, 3, 4, 2, 6, 7, 8, 1}, {.patience = 3}, model);
  CHECK(history.epochs.size() == 7);  // the best was the fourth
  CHECK(history.best_epoch == 4);
  CHECK(history.stopped_early);
  CHECK(history.restored_best);
  CHECK(model.evaluate(MatrixX<double>::Zero(12, 1).eval()).loss == Approx(12 * 2 * 2));
}

TEST_CASE("patience 0 and 1 end training at the first epoch without improvement") {
  for (const Index patience : {0, 1}) {
    ByHand model, best;
    CHECK(fit_with_losses({5, 4, 4.5, 1}, {.patience = patience}, model).epochs.size() == 3);
    const auto history = fit_with_losses({5, 4, 3, 2}, {.patience = patience}, best);
    CHECK(history.epochs.size() == 4);
    CHECK_FALSE(history.stopped_early);
    CHECK(history.best_epoch == 4);
  }
}

TEST_CASE("an improvement lowers the best loss by more than min_delta") {
  ByHand model;
  // Losses 12 b^2: 300, 289.9, 280, 270.2: each better by less than 11, against the best together by more.
  const auto history = fit_with_losses({5, 4.915, 4.83, 4.745, 5, 5, 5}, {.patience = 2, .min_delta = 11}, model);
  CHECK(history.best_epoch == 3);
  CHECK(history.epochs.size() == 5);
}

TEST_CASE("without restore_best the model stays at the last epoch") {
  ByHand model;
  const auto history = fit_with_losses({5, 2, 3, 4}, {.patience = 2, .restore_best = false}, model);
  CHECK(history.best_epoch == 2);
  CHECK_FALSE(history.restored_best);
  CHECK(model.evaluate(MatrixX<double>::Zero(12, 1).eval()).loss == Approx(12 * 4 * 4));
}

TEST_CASE("the restored best epoch equals a run that ended there, running statistics included") {
  const MatrixX<float> x = unit_samples(40, 12), validation = unit_samples(40, 12, 2);
  const Adam optimizer{.learning_rate = 0.03};
  Busy stopped, ended;
  const auto history =
      stopped.fit(x, optimizer,
                  {.epochs = 200, .validation = validation, .early_stopping = EarlyStopping{.patience = 8}});
  REQUIRE(history.stopped_early);
  REQUIRE(history.best_epoch < static_cast<Index>(history.epochs.size()));
  ended.fit(x, optimizer, {.epochs = history.best_epoch, .validation = validation});
  CHECK(bits(stopped) == bits(ended));
  CHECK(stopped.evaluate(validation).loss ==
        history.epochs[static_cast<std::size_t>(history.best_epoch) - 1].validation_loss);
}

TEST_CASE("without a validation set early stopping watches the training loss") {
  Model model;
  const auto history =
      model.fit(data(), Sgd{.learning_rate = 0},
                {.epochs = 50, .shuffle = false, .early_stopping = EarlyStopping{.patience = 4}});
  CHECK(history.epochs.size() == 5);
  CHECK(history.best_epoch == 1);
}

TEST_CASE("the schedule is asked before each step and scales the rate") {
  std::vector<ScheduleContext> asked;
  ByHand scheduled, by_hand;
  const MatrixX<double> x = laws::samples(12, 23, false);
  const Schedule schedule = [&](const ScheduleContext& now) {
    asked.push_back(now);
    asked.back().losses = {};
    CHECK(static_cast<Index>(now.losses.size()) == now.epoch);
    return 1.0 / static_cast<double>(now.step + 1);
  };
  const auto history = scheduled.fit(x, Sgd{.learning_rate = 0.3},
                                     {.epochs = 2, .batch_size = 10, .shuffle = false, .schedule = schedule});
  REQUIRE(asked.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(asked[i].step == static_cast<std::int64_t>(i));
    CHECK(asked[i].steps_per_epoch == 3);
    CHECK(asked[i].epoch == static_cast<Index>(i / 3));
    CHECK(asked[i].epoch_step == static_cast<std::int64_t>(i % 3));
    CHECK(asked[i].last_epoch_fraction == 1);
    CHECK(asked[i].total_epochs == 2);
    const Index first = static_cast<Index>(i % 3) * 10;
    const auto g = gradient(by_hand, x.middleCols(first, first == 20 ? 3 : 10));
    for (std::size_t k = 0; k < g.size(); ++k)
      by_hand.parameters()[k] -= 0.3 / static_cast<double>(i + 1) * g[k];
  }
  CHECK(history.epochs[0].learning_rate == Approx(0.3 / 3));
  CHECK(history.epochs[1].learning_rate == Approx(0.3 / 6));
  const auto& last = scheduled.layout().blocks().front();
  for (Index i = 0; i < last.size(); ++i)
    CHECK(scheduled.parameters()[static_cast<std::size_t>(i)] ==
          Approx(by_hand.parameters()[static_cast<std::size_t>(i)]));
}

TEST_CASE("a rate is reduced by the losses of one fit, and each fit begins its own count") {
  Model model;
  const FitOptions<float> options{
      .epochs = 5, .shuffle = false, .schedule = ReduceOnPlateau{.factor = 0.5, .patience = 1}};
  const Sgd tiny{.learning_rate = 1e-30};  // too small to move a weight: the same loss in every epoch
  for (int fit = 0; fit < 2; ++fit) {
    const History history = model.fit(data(), tiny, options);
    const std::vector<double> expected = {1, 1, 1, 0.5, 0.5};
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK(history.epochs.at(i).learning_rate / 1e-30 == Approx(expected[i]));
  }
}

TEST_CASE("clipping limits the gradient's values, or its norm") {
  const MatrixX<double> x = laws::samples(12, 23, false).array() * 10;
  const ByHand start;
  const auto g = gradient(start, x);
  double norm = 0, largest = 0;
  for (const double value : g) {
    norm += value * value;
    largest = std::max(largest, std::abs(value));
  }
  norm = std::sqrt(norm);
  const auto step = [&](FitOptions<double> options) {
    ByHand model;
    options.epochs = 1;
    options.batch_size = 23;
    options.shuffle = false;
    model.fit(x, Sgd{.learning_rate = 1}, options);
    std::vector<double> moved(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) moved[i] = start.parameters()[i] - model.parameters()[i];
    return moved;
  };
  const auto by_value = step({.clip_value = largest / 10});
  const auto by_norm = step({.clip_norm = norm / 10}), untouched = step({.clip_norm = norm * 2});
  const auto both = step({.clip_value = largest / 10, .clip_norm = 1e-3});
  double both_norm = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    const double limit = largest / 10;
    CHECK(by_value[i] == Approx(std::fmin(std::fmax(g[i], -limit), limit)).margin(1e-9));
    CHECK(by_norm[i] == Approx(g[i] / 10).margin(1e-5 * norm));
    CHECK(untouched[i] == Approx(g[i]).margin(1e-9));
    both_norm += both[i] * both[i];
  }
  CHECK(std::sqrt(both_norm) == Approx(1e-3).epsilon(0.01));
}

}  // namespace fit_test
