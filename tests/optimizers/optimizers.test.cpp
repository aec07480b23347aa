#include <eigencoder/extend/errors.hpp>
#include <eigencoder/optimizers/adagrad.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/rmsprop.hpp>
#include <eigencoder/optimizers/sgd.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace eigencoder;

namespace {

// Parameters with their state, as a model keeps them.
template <class Scalar>
struct Trained {
  std::vector<Scalar> w;
  std::vector<std::vector<Scalar>> state;

  Trained(const auto& optimizer, std::size_t size) : w(size) {
    for (std::size_t i = 0; i < size; ++i) w[i] = static_cast<Scalar>(std::sin(0.7 * static_cast<double>(i)));
    for (Index k = 0; k < optimizer.state_arrays(); ++k)
      state.emplace_back(size, static_cast<Scalar>(optimizer.initial_state()));
  }

  // The parameters from `first` on, in one call.
  void update(const auto& optimizer, OptimizerStep step, const std::vector<Scalar>& g, std::size_t first,
              std::size_t count) {
    std::vector<Scalar*> slots;
    for (auto& slot : state) slots.push_back(slot.data() + first);
    optimizer.update(step, w.data() + first, g.data() + first, slots.data(), static_cast<Index>(count));
  }

  bool operator==(const Trained&) const = default;
};

// Gradients of very different sizes, some exactly 0, that change with the step.
double gradient(std::size_t i, int step) {
  const double x = static_cast<double>(i);
  return i % 7 == 3 ? 0 : std::pow(10, 2 * std::cos(x)) * std::sin(1.3 * x + 0.4 * step);
}

template <class Scalar>
std::vector<Scalar> gradients(std::size_t size, int step) {
  std::vector<Scalar> g(size);
  for (std::size_t i = 0; i < size; ++i) g[i] = static_cast<Scalar>(gradient(i, step));
  return g;
}

// The rate of a step, as a schedule would change it.
double rate(double learning_rate, int step) { return learning_rate / std::sqrt(static_cast<double>(step)); }

// One parameter after one more step t, as the papers and PyTorch's manual put it.
using Rule = std::function<double(double w, double g, double rate, int t)>;

Rule reference(const Sgd& o) {
  return [o, b = 0.0](double w, double g, double r, int t) mutable {
    if (o.momentum == 0) return w - r * g;
    b = t == 1 ? g : o.momentum * b + (1 - o.dampening) * g;
    return w - r * (o.nesterov ? g + o.momentum * b : b);
  };
}

Rule reference(const RmsProp& o) {
  return [o, v = 0.0, a = 0.0, b = 0.0](double w, double g, double r, int) mutable {
    v = o.alpha * v + (1 - o.alpha) * g * g;
    a = o.alpha * a + (1 - o.alpha) * g;
    const double root = std::sqrt(o.centered ? v - a * a : v) + o.epsilon;
    b = o.momentum * b + g / root;
    return w - r * b;
  };
}

Rule reference(const Adagrad& o) {
  return [o, v = o.initial_accumulator](double w, double g, double r, int t) mutable {
    v += g * g;
    return w - r / (1 + (t - 1) * o.learning_rate_decay) * g / (std::sqrt(v) + o.epsilon);
  };
}

Rule reference(const AdamW& o) {
  return [o, m = 0.0, v = 0.0](double w, double g, double r, int t) mutable {
    m = o.beta1 * m + (1 - o.beta1) * g;
    v = o.beta2 * v + (1 - o.beta2) * g * g;
    const double mean = m / (1 - std::pow(o.beta1, t));
    const double square = v / (1 - std::pow(o.beta2, t));
    return w - r * o.weight_decay * w - r * mean / (std::sqrt(square) + o.epsilon);
  };
}

Rule reference(const Adam& o) {
  return reference(AdamW{.beta1 = o.beta1, .beta2 = o.beta2, .epsilon = o.epsilon, .weight_decay = 0});
}

template <class Scalar, class O>
void check_reference(const O& optimizer, double tolerance) {
  const std::size_t size = 300;
  Trained<Scalar> trained(optimizer, size);
  std::vector<double> expected(trained.w.begin(), trained.w.end());
  std::vector<Rule> rules(size, reference(optimizer));
  for (int step = 1; step <= 10; ++step) {
    const double r = rate(optimizer.learning_rate, step);
    const auto g = gradients<Scalar>(size, step);
    trained.update(optimizer, {r, step}, g, 0, size);
    for (std::size_t i = 0; i < size; ++i) {
      expected[i] = rules[i](expected[i], static_cast<double>(g[i]), r, step);
      REQUIRE(static_cast<double>(trained.w[i]) == Approx(expected[i]).epsilon(tolerance).margin(tolerance));
    }
  }
}

// Bit for bit, wherever a range is cut.
template <class Scalar>
void check_cutting(const auto& optimizer) {
  const std::size_t size = 1000;
  const std::vector<std::vector<std::size_t>> cuts = {
      {1, 334, 1000}, {128, 129, 145, 1000}, {7, 11, 26, 57, 999, 1000}};
  for (const auto& ends : cuts) {
    Trained<Scalar> whole(optimizer, size), parts(optimizer, size);
    for (int step = 1; step <= 5; ++step) {
      const OptimizerStep at{rate(optimizer.learning_rate, step), step};
      const auto g = gradients<Scalar>(size, step);
      whole.update(optimizer, at, g, 0, size);
      std::size_t first = 0;
      for (const std::size_t end : ends) {
        parts.update(optimizer, at, g, first, end - first);
        first = end;
      }
    }
    CHECK(whole == parts);
  }
}

// The one list of optimizers, with the options that take another path.
void for_each_optimizer(const auto& check) {
  check("Sgd", Sgd{.learning_rate = 0.02});
  check("Sgd with momentum", Sgd{.learning_rate = 0.02, .momentum = 0.9});
  check("Sgd with dampening", Sgd{.learning_rate = 0.02, .momentum = 0.9, .dampening = 0.3});
  check("Sgd with Nesterov's momentum", Sgd{.learning_rate = 0.02, .momentum = 0.9, .nesterov = true});
  check("RmsProp", RmsProp{});
  check("RmsProp with momentum", RmsProp{.momentum = 0.9});
  check("RmsProp centered", RmsProp{.epsilon = 1e-3, .centered = true});
  check("RmsProp centered with momentum",
        RmsProp{.alpha = 0.9, .epsilon = 1e-3, .momentum = 0.5, .centered = true});
  check("Adagrad", Adagrad{});
  check("Adagrad with decay",
        Adagrad{.learning_rate_decay = 0.1, .initial_accumulator = 0.5, .epsilon = 1e-3});
  check("Adam", Adam{.learning_rate = 0.01});
  check("Adam with other betas", Adam{.learning_rate = 0.01, .beta1 = 0, .beta2 = 0.9, .epsilon = 1e-2});
  check("AdamW", AdamW{.learning_rate = 0.01});
  check("AdamW with strong decay", AdamW{.learning_rate = 0.01, .beta1 = 0.5, .weight_decay = 2});
}

}  // namespace

TEST_CASE("every optimizer follows its paper") {
  for_each_optimizer([]<class O>(const std::string& name, const O& optimizer) {
    INFO(name);
    STATIC_REQUIRE(Optimizer<O>);
    CHECK_NOTHROW(optimizer.validate());
    check_reference<double>(optimizer, 1e-10);
    check_reference<float>(optimizer, 2e-4);
  });
}

TEST_CASE("an update does not depend on how parameters are tiled") {
  for_each_optimizer([](const std::string& name, const auto& optimizer) {
    INFO(name);
    check_cutting<float>(optimizer);
    check_cutting<double>(optimizer);
  });
}

TEST_CASE("the state of an optimizer is never subnormal after gradients have become 0") {
  for_each_optimizer([](const std::string& name, const auto& optimizer) {
    INFO(name);
    Trained<float> trained(optimizer, 200);
    std::vector<float> g = gradients<float>(200, 1);
    for (int step = 1; step <= 3000; ++step) {
      trained.update(optimizer, {1e-3, step}, g, 0, g.size());
      std::fill(g.begin(), g.end(), 0.F);
    }
    for (const auto& slot : trained.state)
      for (const float value : slot) REQUIRE(std::fpclassify(value) != FP_SUBNORMAL);
  });
}

TEST_CASE("a learning rate of 0 changes no parameter") {
  for_each_optimizer([](const std::string& name, const auto& optimizer) {
    INFO(name);
    Trained<float> trained(optimizer, 200);
    const auto before = trained.w;
    trained.update(optimizer, {0, 1}, gradients<float>(200, 1), 0, 200);
    CHECK(trained.w == before);
  });
}

TEST_CASE("Adam's first step has the length of the learning rate") {
  // For |g| far above epsilon, m / sqrt(v) is the sign of g.
  const Adam adam{.learning_rate = 0.01};
  Trained<double> trained(adam, 100);
  const auto before = trained.w;
  const auto g = gradients<double>(100, 1);
  trained.update(adam, {0.01, 1}, g, 0, 100);
  for (std::size_t i = 0; i < 100; ++i) {
    const double sign = (g[i] > 0) - (g[i] < 0);
    CHECK(before[i] - trained.w[i] == Approx(0.01 * sign).epsilon(1e-4));
  }
}

TEST_CASE("centered RmsProp stays finite under a constant gradient") {
  // v - a^2 tends to 0 from above, and rounding may carry it below.
  const RmsProp rmsprop{.learning_rate = 1e-6, .alpha = 0.5, .centered = true};
  Trained<float> trained(rmsprop, 200);
  std::vector<float> g(200);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = 0.1F * static_cast<float>(i + 1);
  for (int step = 1; step <= 100; ++step) trained.update(rmsprop, {1e-6, step}, g, 0, g.size());
  for (const float w : trained.w) REQUIRE(std::isfinite(w));
}

TEST_CASE("optimizers refuse options outside their ranges") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-1e-9, nan, infinity}) {
    CHECK_THROWS_AS((Sgd{.learning_rate = bad}.validate()), OptionError);
    CHECK_THROWS_AS((RmsProp{.learning_rate = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adagrad{.learning_rate = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adagrad{.learning_rate_decay = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adagrad{.initial_accumulator = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adam{.learning_rate = bad}.validate()), OptionError);
    CHECK_THROWS_AS((AdamW{.learning_rate = bad}.validate()), OptionError);
    CHECK_THROWS_AS((AdamW{.weight_decay = bad}.validate()), OptionError);
  }
  for (const double bad : {-1e-9, 1.0, nan}) {
    CHECK_THROWS_AS((Sgd{.momentum = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Sgd{.momentum = 0.9, .dampening = bad}.validate()), OptionError);
    CHECK_THROWS_AS((RmsProp{.alpha = bad}.validate()), OptionError);
    CHECK_THROWS_AS((RmsProp{.momentum = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adam{.beta1 = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adam{.beta2 = bad}.validate()), OptionError);
    CHECK_THROWS_AS((AdamW{.beta1 = bad}.validate()), OptionError);
    CHECK_THROWS_AS((AdamW{.beta2 = bad}.validate()), OptionError);
  }
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    CHECK_THROWS_AS((RmsProp{.epsilon = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adagrad{.epsilon = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Adam{.epsilon = bad}.validate()), OptionError);
    CHECK_THROWS_AS((AdamW{.epsilon = bad}.validate()), OptionError);
  }
  CHECK_THROWS_AS((Sgd{.nesterov = true}.validate()), OptionError);
  CHECK_THROWS_AS((Sgd{.momentum = 0.9, .dampening = 0.1, .nesterov = true}.validate()), OptionError);
}
