// A further fit continues where the last one ended, for copies of a model too.
#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "laws/list.hpp"

#include <algorithm>
#include <utility>

using namespace eigencoder;

namespace resume_test {
namespace {

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 31);
  return x;
}

FitOptions<float> options(Index epochs) {
  return {.epochs = epochs, .batch_size = 5, .seed = 9, .validation_split = 0.2};
}

}  // namespace

TEST_CASE("two fits of 5 epochs equal one of 10, for every optimizer") {
  laws::each_optimizer([](const char* name, const auto& optimizer) {
    INFO(name);
    Busy once, twice;
    const auto whole = once.fit(data(), optimizer, options(10));
    const auto first = twice.fit(data(), optimizer, options(5));
    const auto second = twice.fit(data(), optimizer, options(5));
    CHECK(bits(once) == bits(twice));
    REQUIRE(whole.epochs.size() == 10);
    REQUIRE(second.epochs.size() == 5);
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(same(whole.epochs[i], i < 5 ? first.epochs[i] : second.epochs[i - 5]));
      CHECK(same(whole.epochs[i], twice.epochs()[i]));
    }
    CHECK(whole.epochs.back().train_loss < whole.epochs.front().train_loss);
  });
}

TEST_CASE("schedules that depend neither on the total nor on losses continue too") {
  for (const Schedule& schedule :
       {Schedule(StepSchedule{.every_epochs = 2, .factor = 0.5}), Schedule(ExponentialSchedule{.factor = 0.7})}) {
    Busy once, twice;
    FitOptions<float> all = options(8), half = options(4);
    all.schedule = half.schedule = schedule;
    const Sgd optimizer{.learning_rate = 0.02, .momentum = 0.9};
    once.fit(data(), optimizer, all);
    twice.fit(data(), optimizer, half);
    twice.fit(data(), optimizer, half);
    CHECK(bits(once) == bits(twice));
    CHECK(once.epochs().back().learning_rate == twice.epochs().back().learning_rate);
    CHECK(once.epochs().back().learning_rate < 0.02);
  }
}

TEST_CASE("another type of optimizer starts afresh, other hyperparameters do not") {
  // Adam's first step does not depend on the state of another type: for every parameter whose gradient is well above
  // epsilon, its length is the learning rate.
  Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, SquaredError> model;
  model.fit(data(), Sgd{.momentum = 0.9}, {.epochs = 3});
  const std::vector<float> before(model.parameters().begin(), model.parameters().end());
  model.fit(data(), Adam{.learning_rate = 0.25, .epsilon = 1e-20}, {.epochs = 1, .batch_size = 31});
  for (const auto& block : model.layout().blocks())
    for (Index i = block.offset; i < block.offset + block.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      CHECK(std::abs(model.parameters()[at] - before[at]) == Approx(0.25).epsilon(1e-3));
    }

  // The second step of the same type uses the state of the first.
  Busy kept, forgot;
  kept.fit(data(), Adam{}, options(1));
  forgot.fit(data(), Adam{}, options(1));
  kept.fit(data(), Adam{.learning_rate = 0.01}, options(1));
  forgot.fit(data(), Sgd{.learning_rate = 0}, options(1));
  CHECK(bits(kept) != bits(forgot));
}

TEST_CASE("settings that change what the optimizer's state holds start it afresh") {
  // Both have two arrays of state, one of which differs: neither may be read as the other's.
  const RmsProp momentum{.epsilon = 1e-3, .momentum = 0.9}, centered{.epsilon = 1e-3, .centered = true};
  for (const auto& [before, after] : {std::pair(momentum, centered), std::pair(centered, momentum)}) {
    Busy model, fresh;
    model.fit(data(), before, options(2));
    fresh.fit(data(), Sgd{}, options(2));  // the same number of steps, without a state
    std::copy(model.parameters().begin(), model.parameters().end(), fresh.parameters().begin());
    std::copy(model.statistics().begin(), model.statistics().end(), fresh.statistics().begin());
    model.fit(data(), after, options(2));
    fresh.fit(data(), after, options(2));
    CHECK(bits(model) == bits(fresh));
  }
}

TEST_CASE("a copy has the whole state, and both continue alike") {
  Busy model;
  model.fit(data(), Adam{}, options(3));
  Busy copy = model;
  Busy assigned;
  assigned.fit(data(), Sgd{}, options(1));
  assigned = model;
  CHECK(bits(copy) == bits(model));
  CHECK(copy.summary() == model.summary());
  CHECK(copy.encode(data()) == model.encode(data()));
  CHECK(copy.parameters().data() != model.parameters().data());
  const auto before = bits(model);
  copy.fit(data(), Adam{}, options(3));
  CHECK(bits(model) == before);
  model.fit(data(), Adam{}, options(3));
  assigned.fit(data(), Adam{}, options(3));
  CHECK(bits(copy) == bits(model));
  CHECK(bits(assigned) == bits(model));
  CHECK(copy.epochs().size() == 6);
  Busy moved = std::move(copy);
  CHECK(bits(moved) == bits(model));
}

TEST_CASE("initialize discards the whole state, and fit never initializes") {
  Busy model, fresh;
  model.fit(data(), Adam{}, options(3));
  model.initialize(0);
  CHECK(bits(model) == bits(fresh));
  CHECK(model.epochs().empty());
  model.fit(data(), Adam{}, options(2));
  fresh.fit(data(), Adam{}, options(2));
  CHECK(bits(model) == bits(fresh));

  Busy other;
  other.initialize(1);
  CHECK(bits(other) != bits(Busy()));
  const auto drawn = bits(other);
  other.fit(data(), Sgd{.learning_rate = 0}, {.epochs = 1});
  CHECK(std::equal(drawn.begin(),
                   drawn.begin() + static_cast<std::ptrdiff_t>(other.parameters().size_bytes()),
                   bits(other).begin()));
}

TEST_CASE("the seed of fit determines the order, the draws and the split") {
  Busy one, same_one, other;
  FitOptions<float> changed = options(2);
  changed.seed = 10;
  one.fit(data(), Adam{}, options(2));
  same_one.fit(data(), Adam{}, options(2));
  other.fit(data(), Adam{}, changed);
  CHECK(bits(one) == bits(same_one));
  CHECK(bits(one) != bits(other));
}

}  // namespace resume_test
