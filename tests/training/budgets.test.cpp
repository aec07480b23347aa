// Budgets of steps and of seconds: where training ends, and what is made of the epoch that they cut short.
#include <eigencoder/data/stream.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <numbers>
#include <thread>
#include <vector>

using namespace eigencoder;

namespace budgets_test {
namespace {

using Model = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(12, 23);
  return x;
}
const MatrixX<float>& held_out() {
  static const MatrixX<float> x = unit_samples(12, 9, 2);
  return x;
}

/// Five steps an epoch, the last of three samples.
FitOptions<float> options(Index epochs, std::optional<Index> max_steps, Observer observer = {}) {
  return {.epochs = epochs, .max_steps = max_steps, .batch_size = 5, .seed = 4, .observer = std::move(observer)};
}

/// Notes the model after each step, and the loss of its epoch so far.
struct EveryStep {
  struct Note {
    std::vector<std::byte> bits;
    double loss;
  };
  const Model* model;
  std::vector<Note>* notes;

  void on_batch(const BatchReport& report) const { notes->push_back({bits(*model), report.loss}); }
  void operator()(const EpochReport&) const {}
};

void wait(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

}  // namespace

TEST_CASE("training ends after the last step of its budget, within an epoch too") {
  std::vector<EveryStep::Note> unlimited, limited;
  Model whole;
  whole.fit(data(), Adam{}, options(4, {}, EveryStep{&whole, &unlimited}));
  REQUIRE(unlimited.size() == 20);
  for (const Index steps : {1, 4, 5, 6, 9, 10, 18, 19}) {
    INFO(steps);
    const auto last = static_cast<std::size_t>(steps) - 1;
    const Index epochs = (steps + 4) / 5;
    Model model;
    limited.clear();
    FitOptions<float> budget = options(4, steps, EveryStep{&model, &limited});
    budget.validation = held_out();
    const History history = model.fit(data(), Adam{}, budget);
    CHECK(limited.size() == last + 1);
    CHECK(bits(model) == unlimited[last].bits);
    CHECK(history.ended_by_budget);
    CHECK_FALSE(history.stopped_early);
    REQUIRE(std::ssize(history.epochs) == epochs);
    CHECK(model.epochs().size() == history.epochs.size());
    const EpochReport& report = history.epochs.back();
    CHECK(report.epoch == epochs);
    CHECK(report.epochs == epochs);
    CHECK(report.train_loss == unlimited[last].loss);  // of the batches that it had
    CHECK(report.validation_loss == model.evaluate(held_out()).loss);
  }
}

TEST_CASE("a budget of as many steps as the epochs have, or more, changes nothing") {
  Model unlimited;
  const History expected = unlimited.fit(data(), Adam{}, options(4, {}));
  CHECK_FALSE(expected.ended_by_budget);
  constexpr Index most = std::numeric_limits<Index>::max();
  for (const Index steps : {Index{20}, Index{21}, Index{1000}, most}) {
    Model model;
    FitOptions<float> budget = options(4, steps);
    budget.max_seconds = std::numeric_limits<double>::infinity();
    const History history = model.fit(data(), Adam{}, budget);
    CHECK(bits(model) == bits(unlimited));
    CHECK_FALSE(history.ended_by_budget);
    CHECK_FALSE(history.stopped_early);
    CHECK(history.epochs.size() == 4);
    CHECK(history.epochs.back().epochs == 4);
  }
  Model endless;
  CHECK(endless.fit(data(), Adam{}, options(most, 13)).epochs.size() == 3);
  CHECK(endless.fit(data(), Adam{}, options(most, 13)).epochs.back().epochs == 6);
}

TEST_CASE("steps are those of one fit, and a further one begins a new epoch") {
  Model model, by_epochs;
  std::vector<EveryStep::Note> notes;
  model.fit(data(), Adam{}, options(4, 7));
  const History second = model.fit(data(), Adam{}, options(4, 6, EveryStep{&model, &notes}));
  CHECK(notes.size() == 6);
  REQUIRE(second.epochs.size() == 2);
  CHECK(second.epochs.front().epoch == 3);
  CHECK(second.epochs.back().epochs == 4);
  CHECK(second.ended_by_budget);

  // Cut at the ends of epochs, two fits are one.
  Model halves;
  for (int half = 0; half < 2; ++half) halves.fit(data(), Adam{}, options(9, 10));
  by_epochs.fit(data(), Adam{}, options(4, {}));
  CHECK(bits(halves) == bits(by_epochs));
}

TEST_CASE("early stopping and the observer count an epoch that was cut short as an epoch") {
  // A model that learns nothing improves in its first epoch alone, and stops after the second, which is cut.
  Model model;
  FitOptions<float> budget = options(9, 7);
  budget.validation = held_out();
  budget.early_stopping = EarlyStopping{.patience = 1};
  const History stopped = model.fit(data(), Sgd{.learning_rate = 0}, budget);
  CHECK(stopped.epochs.size() == 2);
  CHECK(stopped.best_epoch == 1);
  CHECK(stopped.restored_best);
  CHECK(stopped.ended_by_budget);
  CHECK_FALSE(stopped.stopped_early);  // it was the last one

  // The best epoch may be the one that is cut.
  Model learner;
  const History learned = learner.fit(data(), Adam{.learning_rate = 1e-2}, budget);
  CHECK(learned.best_epoch == 2);
  CHECK(learner.evaluate(held_out()).loss == learned.epochs.back().validation_loss);

  // An observer that stops before the budget is used up.
  Index calls = 0;
  Model observed;
  const History by_observer = observed.fit(data(), Adam{}, options(9, 18, [&](const EpochReport& report) {
                                             ++calls;
                                             CHECK(report.epochs == 4);
                                             return report.epoch == 2 ? Signal::stop : Signal::proceed;
                                           }));
  CHECK(calls == 2);
  CHECK(by_observer.stopped_early);
  CHECK_FALSE(by_observer.ended_by_budget);
}

TEST_CASE("a schedule knows where the steps end, and a cosine ends there") {
  std::vector<ScheduleContext> asked;
  FitOptions<float> budget = options(9, 7);
  budget.schedule = [&](const ScheduleContext& context) {
    asked.push_back(context);
    return 1.0;
  };
  Model watched;
  watched.fit(data(), Adam{}, budget);
  REQUIRE(asked.size() == 7);
  for (const ScheduleContext& context : asked) {
    CHECK(context.steps_per_epoch == 5);
    CHECK(context.total_epochs == 2);
    CHECK(context.last_epoch_fraction == Approx(0.4));
  }
  asked.clear();
  budget.max_steps = 10;
  watched.fit(data(), Adam{}, budget);
  REQUIRE(asked.size() == 10);
  CHECK(asked.front().total_epochs == 4);
  CHECK(asked.front().last_epoch_fraction == 1);

  // After an epoch that was cut short too, each step has a rate of its own: that of a fit with whole epochs before.
  Model cut, plain;
  std::vector<double> factors[2];
  for (const bool cuts : {false, true}) {
    Model& model = cuts ? cut : plain;
    model.fit(data(), Adam{}, options(1, cuts ? std::optional<Index>(2) : std::nullopt));
    FitOptions<float> second = options(3, 13);
    second.schedule = [&](const ScheduleContext& context) {
      factors[cuts].push_back(CosineSchedule{}(context));
      return factors[cuts].back();
    };
    model.fit(data(), Adam{}, second);
    REQUIRE(factors[cuts].size() == 13);
    CHECK(factors[cuts].back() == Approx((1 + std::cos(std::numbers::pi * 17 / 18)) / 2));
  }
  CHECK(factors[0] == factors[1]);

  // As the factor of step s of S is (1 + cos(pi s / S)) / 2.
  budget.schedule = CosineSchedule{};
  for (const Index steps : {4, 7, 10, 24}) {
    Model model;
    budget.max_steps = steps;
    const History history = model.fit(data(), Sgd{.learning_rate = 2e-3}, budget);
    for (std::size_t e = 0; e < history.epochs.size(); ++e) {
      const auto step = static_cast<double>(std::min<std::size_t>(5 * e + 4, static_cast<std::size_t>(steps) - 1));
      CHECK(history.epochs[e].learning_rate ==
            Approx(1e-3 * (1 + std::cos(std::numbers::pi * step / static_cast<double>(steps)))));
    }
  }
}

TEST_CASE("a stream is read no further than the budget goes") {
  const auto reads = std::make_shared<std::atomic<int>>(0);
  Stream stream{AnyOrder{data(), reads}};
  Model memory, streamed;
  memory.fit(data(), Adam{}, options(9, 7));
  streamed.fit(stream, Adam{}, options(9, 7));
  CHECK(bits(memory) == bits(streamed));
  CHECK(*reads == 7);
  memory.fit(data(), Adam{}, options(9, 3));  // and may be read again
  streamed.fit(stream, Adam{}, options(9, 3));
  CHECK(bits(memory) == bits(streamed));
  CHECK(*reads == 10);

  Model in_blocks, sequential;
  Stream<float> in_order(InOrder{data()}, {.shuffle_window = 8});
  for (const Index steps : {7, 3}) {
    in_blocks.fit(InBlocks(data(), 8), Adam{}, options(9, steps));
    sequential.fit(in_order, Adam{}, options(9, steps));
    CHECK(bits(in_blocks) == bits(sequential));
  }
}

TEST_CASE("training ends after the step in which its time is up, but not before the first") {
  Model once;
  std::vector<EveryStep::Note> notes;
  FitOptions<float> budget = options(9, {}, EveryStep{&once, &notes});
  budget.max_seconds = 1e-12;
  budget.validation = held_out();
  const History first = once.fit(data(), Adam{}, budget);
  CHECK(notes.size() == 1);
  REQUIRE(first.epochs.size() == 1);
  CHECK(first.epochs.front().train_loss == notes.front().loss);
  CHECK(first.epochs.front().has_validation());
  CHECK(first.ended_by_budget);
  CHECK_FALSE(first.stopped_early);

  // The seventh step takes longer than there is time.
  struct Sleeper {
    int* steps;
    void on_batch(const BatchReport&) const {
      if (++*steps == 7) wait(0.4);
    }
    void operator()(const EpochReport&) const {}
  };
  int steps = 0;
  Model slow, seven;
  budget = options(std::numeric_limits<Index>::max(), {}, Sleeper{&steps});
  budget.max_seconds = 0.3;
  const History history = slow.fit(data(), Adam{}, budget);
  CHECK(steps <= 7);  // fewer on a machine that has other things to do
  CHECK(history.ended_by_budget);
  CHECK(std::ssize(history.epochs) == (steps + 4) / 5);
  seven.fit(data(), Adam{}, options(9, steps));
  CHECK(bits(slow) == bits(seven));

  // Time that the observer takes after an epoch counts too.
  Model observed;
  budget = options(9, {}, [](const EpochReport&) { wait(0.06); });
  budget.max_seconds = 0.05;
  const History one = observed.fit(data(), Adam{}, budget);
  CHECK(one.epochs.size() == 1);
  CHECK(one.ended_by_budget);
}

TEST_CASE("time that is up with the last step ends nothing early") {
  Model model;
  FitOptions<float> budget = options(1, {}, [](const EpochReport&) { wait(0.3); });
  budget.max_seconds = 0.25;
  const History history = model.fit(data(), Adam{}, budget);
  CHECK(history.epochs.size() == 1);
  Model whole;
  whole.fit(data(), Adam{}, options(1, {}));
  CHECK(history.ended_by_budget == (bits(model) != bits(whole)));
}

}  // namespace budgets_test
