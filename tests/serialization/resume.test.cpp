// A run that is stopped after any step and resumed ends with the same bits as an uninterrupted one.
#include <eigencoder/data/stream.hpp>
#include <eigencoder/serialization/checkpoint_folder.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/temporary_folder.hpp"
#include "laws/pairs/stacks.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace resume_test {
namespace {

constexpr Index tested_steps = 20;

template <class Scalar>
bool equal(const Buffer<Scalar>& a, const Buffer<Scalar>& b) {
  return a.size() == b.size() && std::equal(a.data(), a.data() + a.size(), b.data());
}

/// Whether all that training continues from is equal.
template <class Model>
bool same_state(const Model& a, const Model& b) {
  const auto &s = detail::ModelAccess::state(a), &t = detail::ModelAccess::state(b);
  bool all = equal(s.parameters, t.parameters) && equal(s.statistics, t.statistics) && s.steps == t.steps &&
             s.optimizer.type == t.optimizer.type && s.optimizer.steps == t.optimizer.steps &&
             s.optimizer.layout == t.optimizer.layout && s.optimizer.arrays.size() == t.optimizer.arrays.size() &&
             s.epochs.size() == t.epochs.size() && s.progress.open == t.progress.open;
  for (std::size_t k = 0; all && k < s.optimizer.arrays.size(); ++k)
    all = equal(s.optimizer.arrays[k], t.optimizer.arrays[k]);
  for (std::size_t e = 0; all && e < s.epochs.size(); ++e) {
    all = same(s.epochs[e], t.epochs[e]) && s.epochs[e].epochs == t.epochs[e].epochs &&
          std::ranges::equal(s.epochs[e].terms, t.epochs[e].terms, [](const Term& u, const Term& v) {
            return u.name == v.name && u.value == v.value && u.in_objective == v.in_objective && u.at_end == v.at_end;
          });
  }
  return all;
}

/// Whether two runs have made the same progress.
template <class Scalar>
bool same_run(const detail::RunProgress<Scalar>& p, const detail::RunProgress<Scalar>& q) {
  return p.run.difference(q.run).empty() && p.begin == q.begin && p.begin_steps == q.begin_steps &&
         p.batches == q.batches && p.seen == q.seen && p.sum == q.sum && p.learning_rate == q.learning_rate &&
         p.sums == q.sums && p.best_loss == q.best_loss && p.best_epoch == q.best_epoch &&
         equal(p.best_parameters, q.best_parameters) && equal(p.best_statistics, q.best_statistics);
}

/// Writes a checkpoint after every step and every epoch, and checks that it holds the progress of the run.
template <class Model>
struct EveryStep {
  const Model* model;
  Model fresh;
  std::filesystem::path folder;
  Index step = 0, epoch = 0;

  void on_batch(const BatchReport&) { write("step" + std::to_string(++step)); }
  void operator()(const EpochReport&) { write("epoch" + std::to_string(++epoch)); }
  void write(const std::string& name) const {
    save_checkpoint(*model, (folder / name).string());
    Model loaded = fresh;
    load_checkpoint(loaded, (folder / name).string());
    CHECK(same_run(detail::ModelAccess::state(loaded).progress, detail::ModelAccess::state(*model).progress));
  }
};

/// Tests the law for a model, an optimizer and options with at least `tested_steps` steps.
template <class Model, class O>
void check_resuming(const Model& fresh, View<typename Model::Scalar> x, const O& optimizer,
                    const FitOptions<typename Model::Scalar>& options) {
  const TemporaryFolder folder;
  Model uninterrupted = fresh;
  FitOptions<typename Model::Scalar> watched = options;
  watched.observer = EveryStep<Model>{&uninterrupted, fresh, folder.path()};
  const History history = uninterrupted.fit(x, optimizer, watched);
  const Index steps = static_cast<Index>(detail::ModelAccess::state(uninterrupted).steps -
                                         detail::ModelAccess::state(fresh).steps);
  REQUIRE(steps >= tested_steps);

  const auto resume_from = [&](const std::string& name) {
    INFO(name);
    Model resumed = fresh;
    load_checkpoint(resumed, folder / name);
    const History rest = resumed.fit(x, optimizer, options);
    CHECK(same_state(resumed, uninterrupted));
    CHECK(rest.best_epoch == history.best_epoch);
    CHECK(rest.restored_best == history.restored_best);
    CHECK(rest.stopped_early == history.stopped_early);
    CHECK(rest.ended_by_budget == history.ended_by_budget);
    CHECK(rest.epochs.size() == history.epochs.size());
  };
  for (Index step = 1; step <= tested_steps; ++step) resume_from("step" + std::to_string(step));
  resume_from("step" + std::to_string(steps));
  for (std::size_t epoch = 1; epoch <= history.epochs.size(); ++epoch) resume_from("epoch" + std::to_string(epoch));
}

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 31);
  return x;
}

FitOptions<float> busy_options() {
  return {.epochs = 5, .batch_size = 5, .seed = 9, .validation_split = 0.2,
          .early_stopping = EarlyStopping{.patience = 4}};
}

}  // namespace

TEST_CASE("resumed after any step, training ends with the same bits: with every optimizer") {
  laws::each_optimizer([](const char* name, const auto& optimizer) {
    INFO(name);
    check_resuming(Busy(), data(), optimizer, busy_options());
  });
}

TEST_CASE("resumed after any step, training ends with the same bits: with every schedule") {
  for (const Schedule& schedule :
       {Schedule(StepSchedule{.every_epochs = 2, .factor = 0.5}), Schedule(CosineSchedule{}),
        Schedule(ReduceOnPlateau{.factor = 0.5, .patience = 0})}) {
    FitOptions<float> options = busy_options();
    options.schedule = schedule;
    check_resuming(Busy(), data(), Sgd{.learning_rate = 0.02, .momentum = 0.9}, options);
  }
}

TEST_CASE("resumed after any step, training ends with the same bits: with early stopping and clipping") {
  FitOptions<float> options = busy_options();
  options.epochs = 50;
  options.early_stopping = EarlyStopping{.patience = 2, .min_delta = 0.5};
  options.clip_norm = 0.1;
  check_resuming(Busy(), data(), RmsProp{.learning_rate = 0.01}, options);
}

TEST_CASE("resumed after any step, training ends with the same bits: with a budget of steps") {
  FitOptions<float> options = busy_options();  // 5 steps an epoch
  options.epochs = 50;
  options.schedule = CosineSchedule{};
  options.max_steps = 20;
  check_resuming(Busy(), data(), Adam{}, options);
  Busy begun;  // a budget counts from the beginning of its fit
  begun.fit(data(), Adam{}, {.epochs = 2, .max_steps = 8, .batch_size = 5});
  options.max_steps = 23;
  check_resuming(begun, data(), Adam{}, options);
}

TEST_CASE("resumed after any step, training ends with the same bits: with weights of the samples and trimming") {
  FitOptions<float> options = busy_options();
  std::vector<double> weights;
  for (int j = 0; j < 31; ++j) weights.push_back(0.5 * (j % 4));
  options.sample_weights = weights;
  options.trim = 0.3;
  check_resuming(Busy(), data(), Adam{}, options);
}

TEST_CASE("a run that its budget of steps ended continues with a larger one") {
  const TemporaryFolder folder;
  Busy model, resumed;
  FitOptions<float> options = busy_options();
  options.epochs = 50;
  options.max_steps = 7;
  options.early_stopping.reset();
  FitOptions<float> watched = options;
  watched.observer = EveryStep<Busy>{&model, Busy(), folder.path()};
  model.fit(data(), Adam{}, watched);
  load_checkpoint(resumed, folder / "epoch2");
  options.max_steps = 14;
  const History history = resumed.fit(data(), Adam{}, options);
  CHECK(detail::ModelAccess::state(resumed).steps == 14);
  CHECK(history.epochs.size() == 4);  // of 5, 2, 5 and 2 steps
  CHECK(history.ended_by_budget);
}

TEST_CASE("resumed after any step, training ends with the same bits: with every policy") {
  const auto check_on = []<class Stack, class P>() {
    using Model = laws::ModelOf<Stack, P>;
    const Model fresh{laws::Value<P>::make()};
    const MatrixX<double> x = laws::samples(fresh.input_shape().size(), 11, false, 9);
    check_resuming(fresh, x, Adam{}, {.epochs = 6, .batch_size = 3, .seed = 4});
  };
  laws::each(laws::Policies(), [&]<class P>() {
    INFO(detail::type_name<P>().view());
    using laws::Flat;
    if constexpr (laws::legal_on<Flat::Linear, P>) check_on.template operator()<Flat::Linear, P>();
    else if constexpr (laws::legal_on<Flat::Fraction, P>) check_on.template operator()<Flat::Fraction, P>();
    else if constexpr (laws::legal_on<Flat::Selection, P>) check_on.template operator()<Flat::Selection, P>();
    else if constexpr (laws::legal_on<Flat::Firing, P>) check_on.template operator()<Flat::Firing, P>();
    else check_on.template operator()<laws::Convolutional::Linear, P>();
  });
}

TEST_CASE("resumed after any step, training ends with the same bits: in a second fit") {
  Busy begun;
  begun.fit(data(), Adam{}, {.epochs = 2, .batch_size = 5});
  check_resuming(begun, data(), Adam{}, busy_options());
}

TEST_CASE("resumed after any step, training ends with the same bits: from a sequential source") {
  const TemporaryFolder folder;
  Busy uninterrupted;
  const auto stream = [] {
    return std::make_unique<Stream<float>>(InOrder{data()}, StreamOptions{.shuffle_window = 8});
  };
  FitOptions<float> options{.epochs = 4, .batch_size = 5};
  options.observer = EveryStep<Busy>{&uninterrupted, Busy(), folder.path()};
  uninterrupted.fit(*stream(), Adam{}, options);
  options.observer = {};
  for (Index step = 1; step <= tested_steps; ++step) {
    INFO(step);
    Busy resumed;
    load_checkpoint(resumed, folder / ("step" + std::to_string(step)));
    resumed.fit(*stream(), Adam{}, options);
    CHECK(same_state(resumed, uninterrupted));
  }
}

TEST_CASE("a resumed run refuses other options") {
  const TemporaryFolder folder;
  const std::string path = folder / "c";
  Busy model;
  FitOptions<float> options = busy_options();
  options.observer = [&](const EpochReport& r) {
    if (r.epoch == 2) save_checkpoint(model, path);
  };
  model.fit(data(), Adam{}, options);
  options.observer = {};

  Busy resumed;
  load_checkpoint(resumed, path);
  const Busy before = resumed;
  const auto refused = [&](const auto& optimizer, const FitOptions<float>& other, const char* words,
                           const char* more = "a checkpoint was loaded") {
    INFO(words);
    CHECK(says(thrown<OptionError>([&] { resumed.fit(data(), optimizer, other); }), {words, more}));
    CHECK(same_state(resumed, before));
  };
  FitOptions<float> other = options;
  other.batch_size = 6;
  refused(Adam{}, other, "batch_size was 5, now it is 6");
  other = options;
  other.seed = 1;
  refused(Adam{}, other, "seed was 9, now it is 1");
  other = options;
  other.shuffle = false;
  refused(Adam{}, other, "shuffle was on, now it is off");
  refused(Sgd{}, options, "the optimizer was Adam with 2", "now it is Sgd with 0");
  other = options;
  other.early_stopping.reset();
  refused(Adam{}, other, "early stopping that restores the best weights was on, now it is off");
  other = options;
  other.epochs = 1;
  refused(Adam{}, other, "2 epochs are completed", "FitOptions.epochs, 1,");
  other = options;
  other.max_steps = 9;
  refused(Adam{}, other, "10 steps are completed", "FitOptions.max_steps, 9,");
  CHECK(says(thrown<OptionError>([&] { resumed.fit(data().leftCols(30), Adam{}, options); }),
             {"the number of samples was 31, now it is 30"}));
  CHECK_NOTHROW(resumed.fit(data(), Adam{}, options));
  CHECK(same_state(resumed, model));
}

TEST_CASE("a resumed training that fails in its first epoch leaves the model as it was loaded") {
  const TemporaryFolder folder;
  Busy model;
  FitOptions<float> options = busy_options();
  options.observer = EveryStep<Busy>{&model, Busy(), folder.path()};
  model.fit(data(), Adam{}, options);
  Busy resumed;
  load_checkpoint(resumed, folder / "step8");
  const Busy before = resumed;
  options.observer = {};
  FitOptions<float> failing = options;
  failing.schedule = [](const ScheduleContext& c) { return c.step == 9 ? -1.0 : 1.0; };
  CHECK_THROWS_AS(resumed.fit(data(), Adam{}, failing), OptionError);
  CHECK(same_state(resumed, before));
  resumed.fit(data(), Adam{}, options);
  CHECK(same_state(resumed, model));
}

TEST_CASE("a checkpoint loads as a model file, but a model file does not load as a checkpoint") {
  const TemporaryFolder folder;
  const std::string path = folder / "c", plain = folder / "m";
  Busy model;
  model.fit(data(), Adam{}, busy_options());
  save_checkpoint(model, path, {.metadata = {{"note", "mine"}}, .scaling = standard_scaling(data())});
  save(model, plain);
  Busy loaded, resumed;
  CHECK(load(loaded, path).metadata == Metadata{{"note", "mine"}});
  CHECK(bits(loaded) == bits(model));
  CHECK(loaded.epochs().empty());
  const auto restored = load_checkpoint(resumed, path);
  CHECK(restored.metadata == Metadata{{"note", "mine"}});
  CHECK(restored.scaling == standard_scaling(data()));
  CHECK(same_state(resumed, model));
  const Busy before = resumed;
  CHECK(says(thrown<FileError>([&] { load_checkpoint(resumed, plain); }), {"it is no checkpoint"}));
  CHECK(same_state(resumed, before));
}

TEST_CASE("an optimizer of the same type with another state is refused") {
  const TemporaryFolder folder;
  const std::string path = folder / "c";
  Busy model, resumed;
  FitOptions<float> options = busy_options();
  options.observer = [&](const EpochReport& r) {
    if (r.epoch == 2) save_checkpoint(model, path);
  };
  model.fit(data(), Sgd{.momentum = 0.9}, options);
  load_checkpoint(resumed, path);
  CHECK(says(thrown<OptionError>([&] { resumed.fit(data(), Sgd{}, busy_options()); }),
             {"the optimizer was Sgd with 1", "now it is Sgd with 0"}));
}

TEST_CASE("a model copied by an observer does not continue the run") {
  Busy model, middle, end;
  FitOptions<float> options = busy_options();
  struct Copies {
    Busy *from, *middle, *end;
    void on_batch(const BatchReport& report) {
      if (report.epoch == 2 && report.batch == 3) *middle = *from;
    }
    void operator()(const EpochReport& report) {
      if (report.epoch == 3) *end = Busy(*from);
    }
  };
  options.observer = Copies{&model, &middle, &end};
  model.fit(data(), Adam{}, options);
  for (Busy* copy : {&middle, &end}) {
    const auto before = copy->epochs().size();
    CHECK(copy->fit(data().leftCols(20), Adam{}, {.epochs = 4, .batch_size = 7}).epochs.size() == 4);
    CHECK(copy->epochs().size() == before + 4);
  }
}

TEST_CASE("several observers are all called, and any of them can stop training") {
  const TemporaryFolder folder;
  Busy model;
  int epochs = 0;
  FitOptions<float> options = busy_options();
  const auto stop = [&](const EpochReport& r) {
    ++epochs;
    return r.epoch == 2 ? Signal::stop : Signal::proceed;
  };
  options.observer =
      Observers{stop, Checkpoints(model, folder.path(), {.every_epochs = 0, .every_steps = 3, .keep = 100})};
  const History history = model.fit(data(), Adam{}, options);
  CHECK(history.stopped_early);
  CHECK(epochs == 2);
  CHECK(folder.entries() == detail::ModelAccess::state(model).steps / 3);
}

}  // namespace resume_test
