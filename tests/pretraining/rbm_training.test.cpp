// The training of a restricted Boltzmann machine: it learns, its bits depend neither on threads nor on interruptions,
// and what it cannot learn from is refused before anything changes.
#include "support/counted_memory.hpp"

#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/kl_sparsity.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/serialization/checkpoint_folder.hpp>
#include <limits>

#include "laws/teams.hpp"
#include "pretraining/toy_rbms.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace rbm_training_test {
using namespace toy_rbms;

/// Each sample is one of a few patterns, with one value in twelve flipped.
Matrix patterns(Index size, Index count, std::uint64_t seed) {
  Random random(seed, Purpose::user, 2);
  Matrix samples(size, count);
  for (Index j = 0; j < count; ++j) {
    const auto pattern = random.below(3);
    for (Index i = 0; i < size; ++i) {
      const bool on = static_cast<std::uint32_t>(i) % (pattern + 2) == 0;
      samples(i, j) = on != random.bernoulli(0.08) ? 1 : 0;
    }
  }
  return samples;
}

double mean_log_likelihood(const auto& machine, const Matrix& samples) {
  double z = 0, sum = 0;
  for (const double f : machine.free_energy(binary_states(samples.rows()))) z += std::exp(-f);
  for (const double f : machine.free_energy(samples)) sum -= f;
  return sum / static_cast<double>(samples.cols()) - std::log(z);
}

TEST_CASE("training raises the likelihood close to that of the data's own distribution") {
  const Matrix samples = patterns(6, 500, 1);
  Vector counts = Vector::Zero(64);
  for (Index j = 0; j < samples.cols(); ++j) {
    Index state = 0;
    for (Index i = 0; i < 6; ++i) state += static_cast<Index>(samples(i, j)) << i;
    counts[state] += 1.0 / 500;
  }
  double best = 0;
  for (const double p : counts) best += p > 0 ? p * std::log(p) : 0;
  const auto train = [&](auto machine) {
    machine.initialize(3, samples);
    const double before = mean_log_likelihood(machine, samples);
    machine.fit(samples, Adam{.learning_rate = 0.01}, {.epochs = 60, .batch_size = 20});
    const double after = mean_log_likelihood(machine, samples);
    INFO("from " << before << " to " << after << ", at most " << best);
    CHECK(after > before + 0.5 * (best - before));
    return after;
  };
  const double one = train(Rbm{BernoulliUnits{6}, BernoulliUnits{8}, Double{}});
  const double centered =
      train(Rbm{BernoulliUnits{6}, BernoulliUnits{8}, Double{}, ContrastiveDivergence{.centered = true}});
  const double persistent = train(
      Rbm{BernoulliUnits{6}, BernoulliUnits{8}, Double{}, PersistentContrastiveDivergence{.steps = 5, .chains = 50}});
  CHECK(persistent > best - 0.15);
  CHECK((std::min)(one, centered) > best - 0.5);
}

TEST_CASE("initializing by data gives the visible units their own distribution") {
  const Matrix binary = patterns(6, 200, 1);
  Rbm bernoulli{BernoulliUnits{6}, BernoulliUnits{4}, Double{}};
  bernoulli.initialize(7, binary);
  const Vector p = 1 / (1 + (-bernoulli.visible_bias().array()).exp());
  CHECK((p - binary.rowwise().mean()).cwiseAbs().maxCoeff() < 0.003);
  CHECK(std::sqrt(bernoulli.weights().squaredNorm() / 24) == Approx(0.01).epsilon(0.5));
  CHECK(bernoulli.hidden_bias().norm() == 0);

  Matrix normal = samples_for(GaussianUnits{3}, 200, 2) * 2;
  normal.row(1).array() += 5;
  Rbm gaussian{GaussianUnits{3, true}, BernoulliUnits{4}, Double{}};
  gaussian.initialize(7, normal);
  const Vector mean = normal.rowwise().mean();
  CHECK(relative_error(gaussian.visible_bias(), mean) < 1e-12);
  CHECK(relative_error(variances(gaussian), (normal.colwise() - mean).rowwise().squaredNorm() / 200) < 1e-12);
}

/// A machine large enough that nearly all of its loops take several threads, trained for two steps, and what it
/// computes.
template <class Visible, class Hidden, class... Policies>
std::vector<float> results(Visible visible, Hidden hidden, const Policies&... policies) {
  visible.size = 600;
  hidden.size = 400;
  Rbm machine{visible, hidden, policies...};
  const MatrixX<float> samples = samples_for(visible, 160, 6).template cast<float>();
  machine.initialize(1, samples);
  machine.fit(samples, Sgd{.learning_rate = 0.001, .momentum = 0.5}, {.epochs = 1, .batch_size = 128, .seed = 4});
  std::vector<float> all = learned_values(machine), gradient(machine.parameters().size());
  all.push_back(static_cast<float>(machine.gradient(samples, gradient)));
  all.insert(all.end(), gradient.begin(), gradient.end());
  if constexpr (!std::same_as<Hidden, RectifiedUnits>)
    for (const double energy : machine.free_energy(samples)) all.push_back(static_cast<float>(energy));
  for (const MatrixX<float>& more : {machine.encode(samples), machine.reconstruct(samples),
                                     machine.sample(100, {.steps = 2})})
    all.insert(all.end(), more.data(), more.data() + more.size());
  return all;
}

TEST_CASE("bits do not depend on the number of threads") {
  const PersistentContrastiveDivergence persistent{.steps = 2, .chains = 150, .centered = true};
  laws::check_teams({2, 3, 8}, [&] { return results(BernoulliUnits{}, BernoulliUnits{}, Sparse{KlSparsity{}}); });
  laws::check_teams({2, 3, 8}, [&] { return results(BernoulliUnits{}, BernoulliUnits{}, persistent); });
  laws::check_teams({2, 3, 8}, [&] { return results(GaussianUnits{1, true}, BernoulliUnits{}, persistent); });
  laws::check_teams({2, 3, 8}, [&] {
    return results(GaussianUnits{}, RectifiedUnits{}, ContrastiveDivergence{.steps = 2, .draw_visible = false});
  });
  laws::check_teams({2, 3, 8}, [&] { return results(BernoulliUnits{}, GaussianUnits{}, WeightDecay<>{1e-3}); });
}

/// Each machine is interrupted after each of its first 20 steps and resumed from the checkpoint.
TEST_CASE("training that is resumed from any of its first steps ends with the same bits") {
  const auto resumes = [](const auto& fresh) {
    const Matrix samples = samples_for(fresh.visible(), 21, 6);
    FitOptions<double> options{.epochs = 5, .batch_size = 5, .seed = 9};
    const TemporaryFolder folder;
    auto whole = fresh;
    options.observer = Checkpoints(whole, folder.path(), {.every_epochs = 0, .every_steps = 1, .keep = 100});
    whole.fit(samples, Adam{.learning_rate = 0.01}, options);
    options.observer = {};
    REQUIRE(learned_values(whole) != learned_values(fresh));
    for (int step = 1; step <= 20; ++step) {
      INFO("step " << step);
      auto resumed = randomized(fresh, 99);
      load_checkpoint(resumed, folder / detail::checkpoint_name(step));
      resumed.fit(samples, Adam{.learning_rate = 0.01}, options);
      CHECK(learned_values(resumed) == learned_values(whole));
    }
  };
  each_rbm(resumes, PersistentContrastiveDivergence{.steps = 2, .chains = 6, .centered = true});
  resumes(randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}, Sparse{KlSparsity{}},
                         ContrastiveDivergence{.steps = 2, .centered = true}}, 4));
  resumes(randomized(Rbm{GaussianUnits{4, true}, BernoulliUnits{3}, Double{},
                         ContrastiveDivergence{.draw_visible = false}}, 5));
}

TEST_CASE("two fits are one, and fused updates are unfused ones") {
  const PersistentContrastiveDivergence chains{.chains = 6, .centered = true};
  const auto fresh =
      randomized(Rbm{GaussianUnits{4, true}, BernoulliUnits{3}, Double{}, chains, WeightDecay<>{1e-3}}, 3);
  const Matrix samples = samples_for(fresh.visible(), 23, 6);
  const auto train = [&](auto run) {
    auto machine = fresh;
    run(machine);
    return learned_values(machine);
  };
  const Adam adam{.learning_rate = 0.01};
  const FitOptions<double> two{.epochs = 2, .batch_size = 5}, four{.epochs = 4, .batch_size = 5};
  const auto whole = train([&](auto& machine) { machine.fit(samples, adam, four); });
  CHECK(whole == train([&](auto& machine) {
          machine.fit(samples, adam, two);
          machine.fit(samples, adam, two);
        }));
  FitOptions<double> unfused = four;
  unfused.fuse_updates = false;
  CHECK(whole == train([&](auto& machine) { machine.fit(samples, adam, unfused); }));
}

TEST_CASE("a training that diverges leaves the machine at its last completed epoch") {
  Rbm machine{GaussianUnits{4}, GaussianUnits{3}, PersistentContrastiveDivergence{.chains = 6}};
  const MatrixX<float> samples = samples_for(machine.visible(), 40, 6).cast<float>();
  auto whole = machine;
  const Sgd sgd{.learning_rate = 2};
  std::size_t epoch = 0;
  try {
    machine.fit(samples, sgd, {.epochs = 50});
  } catch (const DivergenceError& error) {
    epoch = error.epoch;
  }
  REQUIRE(epoch > 1);
  whole.fit(samples, sgd, {.epochs = static_cast<Index>(epoch) - 1});
  CHECK(learned_values(machine) == learned_values(whole));
}

TEST_CASE("a step allocates nothing once the workspace has served one") {
  if (memory_of([] { std::vector<int>(1000); }) == 0) return;
  Rbm machine{GaussianUnits{150, true}, BernoulliUnits{100},
              PersistentContrastiveDivergence{.chains = 60, .centered = true}, Sparse{KlSparsity{}}};
  const MatrixX<float> samples = samples_for(machine.visible(), 400, 6).cast<float>();
  struct Watch {
    std::vector<std::size_t>* peaks;
    std::size_t* before;
    void operator()(const EpochReport&) {}
    void on_batch(const BatchReport& report) {
      if (report.batch > 2) peaks->push_back(memory_peak - *before);
      memory_peak = *before = memory_now;
    }
  };
  std::vector<std::size_t> peaks;
  peaks.reserve(100);
  std::size_t before = memory_now;
  machine.fit(samples, Sgd{.learning_rate = 1e-4}, {.epochs = 1, .batch_size = 50, .observer = Watch{&peaks, &before}});
  REQUIRE(peaks.size() == 6);
  CHECK(*std::max_element(peaks.begin(), peaks.end()) == 0);
}

TEST_CASE("what a machine cannot learn from is refused, and nothing changes") {
  Rbm machine{BernoulliUnits{4}, BernoulliUnits{3}, PersistentContrastiveDivergence{.chains = 6}};
  const auto before = learned_values(machine);
  using Samples = MatrixX<float>;
  const Samples good = Samples::Constant(4, 6, 0.5F);
  Samples nan = good, two = good;
  nan(1, 2) = std::numeric_limits<float>::quiet_NaN();
  two(1, 2) = 2;
  const auto fit = [&](const Samples& samples) { machine.fit(samples, Sgd{}); };
  CHECK(says(thrown<ShapeError>([&] { fit(Samples::Zero(5, 6)); }), {"fit: inputs", "5 x 6", "expected 4"}));
  CHECK(says(thrown<DataError>([&] { fit(Samples(4, 0)); }), {"no samples"}));
  CHECK(says(thrown<DataError>([&] { fit(nan); }), {"sample 2 holds NaN at value 1"}));
  CHECK(says(thrown<DataError>([&] { fit(two); }), {"sample 2", "Bernoulli", "[0, 1]"}));
  CHECK(says(thrown<DataError>([&] { machine.initialize(1, two); }), {"initialize", "sample 2"}));
  CHECK(says(thrown<DataError>([&] { machine.free_energy(nan); }), {"free_energy", "sample 2"}));
  CHECK(says(thrown<ShapeError>([&] { machine.encode(Samples(5, 6)); }), {"encode", "expected 4"}));
  CHECK(says(thrown<ShapeError>([&] { machine.decode(good); }), {"decode", "expected 3"}));
  CHECK(says(thrown<OptionError>([&] { machine.sample(-1); }), {"sample", "-1"}));
  CHECK(says(thrown<OptionError>([&] { machine.sample(1, {.steps = 0}); }), {"GibbsOptions.steps"}));
  FitOptions<float> trimmed;
  trimmed.trim = 0.5;
  CHECK(says(thrown<OptionError>([&] { machine.fit(good, Sgd{}, trimmed); }), {"trim"}));
  const Samples targets = Samples::Zero(4, 6);
  InMemoryLoader<float> pairs(good, targets);
  CHECK(says(thrown<DataError>([&] { machine.fit(pairs, Sgd{}); }), {"without targets"}));
  std::vector<float> small_gradient(3);
  CHECK(says(thrown<ShapeError>([&] { machine.gradient(good, small_gradient); }), {"gradient"}));
  CHECK(learned_values(machine) == before);
}

TEST_CASE("sizes and options that make no machine are refused") {
  using Persistent = PersistentContrastiveDivergence;
  CHECK(says(thrown<CompositionError>([] { Rbm{BernoulliUnits{0}, BernoulliUnits{3}}; }), {"BernoulliUnits", "got 0"}));
  CHECK(says(thrown<CompositionError>([] { Rbm{BernoulliUnits{3}, RectifiedUnits{-2}}; }), {"RectifiedUnits"}));
  CHECK(says(thrown<CompositionError>([] { Rbm{BernoulliUnits{3}, GaussianUnits{2, true}}; }), {"learn_variance"}));
  CHECK(says(thrown<OptionError>([] { Rbm{BernoulliUnits{3}, BernoulliUnits{2}, ContrastiveDivergence{.steps = 0}}; }),
             {"ContrastiveDivergence.steps"}));
  CHECK(says(thrown<OptionError>([] { Rbm{BernoulliUnits{3}, BernoulliUnits{2}, Persistent{.chains = 0}}; }),
             {"PersistentContrastiveDivergence.chains"}));
  const Index most = (std::numeric_limits<Index>::max)();
  CHECK(says(thrown<CompositionError>([&] { Rbm{BernoulliUnits{7}, BernoulliUnits{2}, Persistent{.chains = most}}; }),
             {"chains of 7 visible units", "memory"}));
}

}  // namespace rbm_training_test
