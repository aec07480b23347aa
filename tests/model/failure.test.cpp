// Training that fails restores the last completed epoch, and the error says so.
#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>

using namespace eigencoder;

namespace failure_test {
namespace {

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 30);
  return x;
}

/// A corruption whose copy throws, as if there were no memory.
struct Fragile {
  static constexpr std::string_view name = "Fragile";
  const bool* full = nullptr;

  constexpr explicit Fragile(const bool* when = nullptr) : full(when) {}
  constexpr Fragile(const Fragile& other) : full(other.full) { require_memory(); }
  constexpr Fragile& operator=(const Fragile& other) {
    full = other.full;
    return require_memory(), *this;
  }
  constexpr void require_memory() const {
    if (full && *full) throw std::bad_alloc();
  }
  void validate() const {}
  template <class S>
  void corrupt(S*, Shape, Random&) const {}
};

FitOptions<float> options(Index epochs) {
  return {.epochs = epochs, .batch_size = 8, .seed = 5, .validation_split = 0.2};
}

// Throws at the end of a given epoch, or after a given batch of it.
struct Thrower {
  Index epoch, batch;

  void operator()(const EpochReport& report) const {
    if (batch == 0 && report.epoch == epoch) throw std::range_error("the observer's own");
  }
  void on_batch(const BatchReport& report) const {
    if (report.epoch == epoch && report.batch == batch) throw std::range_error("the observer's own");
  }
};

// The message of the exception that is nested in the E thrown by `run`.
template <class E>
std::string nested_in(const std::function<void()>& run) {
  try {
    run();
  } catch (const E& error) {
    try {
      std::rethrow_if_nested(error);
    } catch (const std::range_error& inner) {
      return inner.what();
    }
  }
  return "";
}

// A model that failed after `completed` epochs equals one trained for these epochs, now and after further training.
void check_stands_after(Busy& failed, Index completed) {
  Busy undisturbed;
  if (completed > 0) undisturbed.fit(data(), Adam{}, options(completed));
  CHECK(bits(failed) == bits(undisturbed));
  REQUIRE(failed.epochs().size() == static_cast<std::size_t>(completed));
  for (std::size_t i = 0; i < failed.epochs().size(); ++i)
    CHECK(same(failed.epochs()[i], undisturbed.epochs()[i]));
  failed.fit(data(), Adam{}, options(3));
  undisturbed.fit(data(), Adam{}, options(3));
  CHECK(bits(failed) == bits(undisturbed));
}

}  // namespace

TEST_CASE("an observer that throws leaves the last completed epoch, its exception nested") {
  struct Where {
    Index epoch, batch, completed;
  };
  // Batch 0 means the end of the epoch, when the epoch is completed.
  for (const Where at : {Where{1, 0, 1}, Where{3, 0, 3}, Where{1, 1, 0}, Where{1, 3, 0}, Where{3, 2, 2}}) {
    INFO("epoch " << at.epoch << ", batch " << at.batch);
    Busy model;
    FitOptions<float> with = options(6);
    with.observer = Thrower{at.epoch, at.batch};
    std::string message;
    CHECK(nested_in<ObserverError>([&] {
            message = thrown<ObserverError>([&] { model.fit(data(), Adam{}, with); });
            CHECK(says(message, {"observer", "epoch " + std::to_string(at.epoch),
                                 "last completed epoch, " + std::to_string(at.completed)}));
            model.initialize(0);
            model.fit(data(), Adam{}, with);
          }) == "the observer's own");
    check_stands_after(model, at.completed);
  }
}

TEST_CASE("a failure in a later fit goes back to the end of the epoch before, not of the fit before") {
  Busy model;
  model.fit(data(), Adam{}, options(2));
  FitOptions<float> with = options(6);
  with.observer = Thrower{4, 2};
  CHECK_THROWS_AS(model.fit(data(), Adam{}, with), ObserverError);
  check_stands_after(model, 3);
}

TEST_CASE("a failure under another optimizer gives the first one's state back") {
  Busy model;
  model.fit(data(), Adam{}, options(2));
  FitOptions<float> with = options(6);
  with.observer = Thrower{3, 2};
  CHECK_THROWS_AS(model.fit(data(), Sgd{.momentum = 0.9}, with), ObserverError);
  check_stands_after(model, 2);
}

TEST_CASE("the error of a divergence names epoch and batch, and nothing is lost") {
  for (const double clip : {0.0, 1e20}) {  // the fused and the unfused path
    Busy model;
    model.fit(data(), Adam{}, options(2));
    FitOptions<float> with = options(6);
    if (clip > 0) with.clip_norm = clip;
    try {
      model.fit(data(), Sgd{.learning_rate = 1e30}, with);
      FAIL("it did not diverge");
    } catch (const DivergenceError& error) {
      CHECK(error.epoch == 3);
      CHECK(error.batch >= 1);
      CHECK(error.batch <= 3);
      CHECK(says(error.what(),
                 {"diverged in epoch 3, batch " + std::to_string(error.batch), "last completed epoch, 2"}));
    }
    check_stands_after(model, 2);
  }
}

TEST_CASE("a divergence in a later epoch goes back to the epoch before") {
  Busy model;
  FitOptions<float> with = options(6);
  with.schedule = [](const ScheduleContext& now) { return now.epoch < 3 ? 1 : 1e38; };
  try {
    model.fit(data(), Adam{}, with);
    FAIL("it did not diverge");
  } catch (const DivergenceError& error) {
    CHECK(error.epoch == 4);
  }
  check_stands_after(model, 3);
}

TEST_CASE("a first epoch that diverges in its last step leaves the model untrained") {
  // With one batch the loss is still finite, but the parameters are not.
  Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, SquaredError> model, untouched;
  try {
    model.fit(data(), Sgd{.learning_rate = 1e45}, {.epochs = 3, .batch_size = 30});
    FAIL("it did not diverge");
  } catch (const DivergenceError& error) {
    CHECK(error.epoch == 1);
    CHECK(error.batch == 1);
    CHECK(says(error.what(), {"parameter"}));
  }
  CHECK(bits(model) == bits(untouched));
  CHECK(model.epochs().empty());
}

TEST_CASE("running statistics and validation losses that are not finite are a divergence too") {
  const float huge = 1e30F;  // its square overflows; its normalized value does not
  const MatrixX<float> large = (data().array() - 0.5F).matrix() * huge;
  Autoencoder<Encoder<Input<40>, BatchNorm, Dense<3>>, Decoder<Mirror>, SquaredError> normal;
  const auto before = bits(normal);
  CHECK(says(thrown<DivergenceError>([&] { normal.fit(large, data(), Adam{}, {.epochs = 1}); }),
             {"running statistic"}));
  CHECK(bits(normal) == before);

  Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, SquaredError> plain;
  const MatrixX<float> largest = data() * std::numeric_limits<float>::max();
  CHECK(
      says(thrown<DivergenceError>([&] { plain.fit(data(), Adam{}, {.epochs = 1, .validation = largest}); }),
           {"validation loss"}));
}

TEST_CASE("spans of the parameters stay valid after failed training") {
  Busy model;
  const auto parameters = model.parameters(), statistics = model.statistics();
  FitOptions<float> with = options(6);
  with.observer = Thrower{3, 2};
  CHECK_THROWS_AS(model.fit(data(), Adam{}, with), ObserverError);
  CHECK(model.parameters().data() == parameters.data());
  CHECK(model.statistics().data() == statistics.data());
  model.initialize(4);
  CHECK(model.parameters().data() == parameters.data());
  CHECK(model.statistics().data() == statistics.data());
}

TEST_CASE("an invalid factor of a schedule is an error that names epoch and batch, before the step") {
  for (const double bad : {-1.0, -1e-30, std::nan(""), HUGE_VAL}) {
    Busy model;
    FitOptions<float> with = options(6);
    with.schedule = [&](const ScheduleContext& now) { return now.step == 2 * now.steps_per_epoch + 1 ? bad : 1; };
    CHECK(says(thrown<OptionError>([&] { model.fit(data(), Adam{}, with); }),
               {"FitOptions.schedule", "epoch 3, batch 2", "finite and at least 0", "last completed epoch, 2"}));
    check_stands_after(model, 2);
  }
  Busy still;
  FitOptions<float> with = options(1);
  with.schedule = [](const ScheduleContext&) { return 0; };
  CHECK_NOTHROW(still.fit(data(), Adam{}, with));
}

TEST_CASE("an observer cannot change the model that is being trained") {
  const std::vector<std::function<void(Busy&)>> attempts = {
      [](Busy& model) { model.initialize(1); },
      [](Busy& model) { model.fit(data(), Adam{}, options(1)); },
      [](Busy& model) { model = Busy(); }};
  for (const auto& attempt : attempts) {
    Busy model, undisturbed;
    FitOptions<float> with = options(3);
    Index refused = 0, trained_copies = 0;
    with.observer = [&](const EpochReport& report) {
      refused += says(thrown<OptionError>([&] { attempt(model); }), {"while it is being trained"});
      if (report.epoch != 2) return;
      Busy copy = model;  // the copy is not being trained, so it can be
      attempt(copy);
      ++trained_copies;
    };
    model.fit(data(), Adam{}, with);
    CHECK(refused == 3);
    CHECK(trained_copies == 1);
    undisturbed.fit(data(), Adam{}, options(3));
    CHECK(bits(model) == bits(undisturbed));
    CHECK_NOTHROW(attempt(model));  // legal after training
  }
  // If the observer does not catch the error, training ends with it, and the model can be changed again.
  Busy model;
  FitOptions<float> with = options(3);
  with.observer = [&](const EpochReport&) { model.initialize(0); };
  CHECK_THROWS_AS(model.fit(data(), Adam{}, with), ObserverError);
  check_stands_after(model, 1);
}

TEST_CASE("an exception of the schedule passes, and nothing is lost") {
  Busy model;
  FitOptions<float> with = options(6);
  with.schedule = [](const ScheduleContext& now) -> double {
    return now.epoch < 2 ? 1 : throw std::range_error("the schedule's own");
  };
  CHECK_THROWS_AS(model.fit(data(), Adam{}, with), std::range_error);
  check_stands_after(model, 2);
}

TEST_CASE("a model that was moved from refuses all uses of its values until a model is assigned to it") {
  static_assert(std::is_nothrow_move_constructible_v<Busy>);
  Busy model;
  model.fit(data(), Adam{}, options(1));
  const auto before = bits(model);
  Busy taken = std::move(model);
  CHECK(bits(taken) == before);
  const auto codes = taken.encode(data());
  std::vector<float> gradients(taken.parameters().size());
  Workspace<float> workspace;
  const std::vector<std::function<void(Busy&)>> uses = {
      [](Busy& m) { m.fit(data(), Adam{}, options(1)); },
      [](Busy& m) { m.initialize(1); },
      [](Busy& m) { m.encode(data()); },
      [&](Busy& m) { m.decode(codes); },
      [](Busy& m) { m.reconstruct(data()); },
      [&](Busy& m) { m.reconstruct(data(), workspace); },
      [](Busy& m) { m.activation(data(), 1); },
      [](Busy& m) { m.evaluate(data()); },
      [&](Busy& m) { m.gradient(data(), data(), gradients); },
      [](Busy& m) { m.layout(); },
      [](Busy& m) { m.parameter_count(); },
      [](Busy& m) { m.code_size(); },
      [](Busy& m) { m.input_shape(); },
      [](Busy& m) { m.loss(); },
      [](Busy& m) { static_cast<void>(m.summary()); },
      [](Busy& m) { detail::ModelAccess::state(m); }};
  Busy copy = model;  // a copy of an empty model is empty
  for (Busy* empty : {&model, &copy}) {
    CHECK(empty->parameters().empty());
    for (const auto& use : uses) CHECK(says(thrown<OptionError>([&] { use(*empty); }), {"was moved from"}));
  }
  model = taken;
  copy = std::move(taken);
  std::swap(model, copy);
  for (Busy* whole : {&model, &copy}) {
    CHECK(bits(*whole) == before);
    for (const auto& use : uses) CHECK_NOTHROW(use(*whole));
  }
  Busy& itself = model;
  model = itself;
  CHECK_NOTHROW(model.encode(data()));
  model = std::move(itself);
  CHECK(says(thrown<OptionError>([&] { model.encode(data()); }), {"was moved from"}));
}

TEST_CASE("an observer that moves the model away ends training, and the model has no values") {
  for (const bool in_batch : {false, true}) {
    Busy model;
    std::optional<Busy> thief;
    struct Observer {
      std::function<void()> epoch, batch;
      void operator()(const EpochReport&) const { epoch(); }
      void on_batch(const BatchReport&) const { batch(); }
    };
    const auto steal = [&] { thief.emplace(std::move(model)); };
    const std::function<void()> nothing = [] {};
    FitOptions<float> with = options(3);
    with.observer = in_batch ? Observer{nothing, steal} : Observer{steal, nothing};
    CHECK(says(thrown<OptionError>([&] { model.fit(data(), Adam{}, with); }), {"moved the model away"}));
    CHECK(says(thrown<OptionError>([&] { model.encode(data()); }), {"was moved from"}));
    CHECK_NOTHROW(thief->fit(data(), Adam{}, options(1)));
  }
  Busy model, other;
  FitOptions<float> with = options(2);
  Index refused = 0;
  with.observer = [&](const EpochReport&) {
    refused +=
        says(thrown<OptionError>([&] { other = std::move(model); }), {"moved from", "while it is being trained"});
  };
  model.fit(data(), Adam{}, with);
  CHECK(refused == 2);
}

TEST_CASE("an assignment that finds no memory leaves the model as it was") {
  bool full = false;
  const auto sized = [&](Index values, Index code) {
    return Autoencoder{Encoder{Input{values}, Dense{code}}, Mirror{}, SquaredError{}, Denoising{Fragile{&full}}};
  };
  auto small = sized(6, 2);
  const auto large = sized(600, 200);
  const MatrixX<float> x = unit_samples(6, 5), codes = small.encode(x);
  full = true;
  CHECK_THROWS_AS(small = large, std::bad_alloc);
  CHECK(small.encode(x) == codes);
  full = false;
  small = large;
  CHECK(small.parameter_count() == large.parameter_count());
}

}  // namespace failure_test
