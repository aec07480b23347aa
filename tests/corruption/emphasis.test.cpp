#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/regression.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

using namespace eigencoder;

namespace emphasis_test {

namespace {

static_assert(SeparableLoss<SquaredError> && SeparableLoss<AbsoluteError> && SeparableLoss<Huber>);
static_assert(SeparableLoss<Bernoulli> && Loss<Categorical> && !SeparableLoss<Categorical>);

constexpr double alpha = 1.7, beta = 0.4;
const std::size_t sizes[] = {1, 7, 128, 300};
enum class Hit { none, some, all };

template <class Scalar>
struct Sample {
  std::vector<Scalar> output, target, clean, corrupted;
  std::vector<bool> hit;

  Sample(std::size_t size, Hit which) : output(size), target(size), clean(size), corrupted(size), hit(size) {
    for (std::size_t i = 0; i < size; ++i) {
      const auto x = static_cast<double>(i);
      output[i] = static_cast<Scalar>(3 * std::sin(1.7 * x + 0.3));
      target[i] = static_cast<Scalar>(0.5 + 0.5 * std::cos(2.3 * x));
      clean[i] = static_cast<Scalar>(0.5 + 0.4 * std::cos(0.9 * x));
      hit[i] = which == Hit::all || (which == Hit::some && std::sin(5.1 * x + 1) > 0.2);
      corrupted[i] = hit[i] ? Scalar(0) : clean[i];
    }
  }
  Index size() const { return std::ssize(output); }

  double loss(const auto& of, std::vector<Scalar>* delta, double a, double b, double scale = 1) const {
    Buffer<Scalar> scratch;
    if (delta) delta->assign(output.size(), Scalar(99));
    return detail::emphasized_loss(of, output.data(), target.data(), clean.data(), corrupted.data(),
                                   delta ? delta->data() : nullptr, size(), scale, a, b, scratch);
  }
  // The loss of one value, and its derivative.
  double term(const auto& of, std::size_t i, Scalar* derivative = nullptr) const {
    return of.value_and_gradient(&output[i], &target[i], derivative, Index{1}, Index{1}, 1.0);
  }
};

template <class Check>
void each_case(const Check& check) {
  for (const std::size_t size : sizes)
    for (const Hit which : {Hit::none, Hit::some, Hit::all}) {
      INFO("size " << size << ", hit " << static_cast<int>(which));
      check(Huber{.delta = 0.6}, size, which);
      check(SquaredError{}, size, which);
      check(AbsoluteError{}, size, which);
      check(Bernoulli{}, size, which);
    }
}

}  // namespace

TEST_CASE("the emphasized loss is alpha times the corrupted and beta times the intact values'") {
  each_case([](const auto& loss, std::size_t size, Hit which) {
    INFO(loss.name);
    const Sample<double> sample(size, which);
    double of_corrupted = 0, of_intact = 0;
    for (std::size_t i = 0; i < size; ++i) (sample.hit[i] ? of_corrupted : of_intact) += sample.term(loss, i);
    const double expected = alpha * of_corrupted + beta * of_intact;
    CHECK(sample.loss(loss, nullptr, alpha, beta) == Approx(expected).epsilon(1e-12));
    CHECK(sample.loss(loss, nullptr, alpha, beta, 0.1) == sample.loss(loss, nullptr, alpha, beta));

    std::vector<double> delta;
    CHECK(sample.loss(loss, &delta, alpha, beta) == sample.loss(loss, nullptr, alpha, beta));
  });
}

TEST_CASE("its derivative is that of central differences, times the scale") {
  const double h = 1e-6, scale = 0.25;
  each_case([&](const auto& loss, std::size_t size, Hit which) {
    INFO(loss.name);
    const Sample<double> sample(size, which);
    std::vector<double> delta;
    sample.loss(loss, &delta, alpha, beta, scale);
    for (std::size_t i = 0; i < size; ++i) {
      const auto at = [&](double step) {
        Sample<double> moved = sample;
        moved.output[i] += step;
        return (sample.hit[i] ? alpha : beta) * moved.term(loss, i);
      };
      REQUIRE(delta[i] == Approx(scale * (at(h) - at(-h)) / (2 * h)).epsilon(1e-6).margin(1e-8));
    }
  });
}

TEST_CASE("with both weights 1 it is the plain loss") {
  each_case([](const auto& loss, std::size_t size, Hit which) {
    INFO(loss.name);
    const Sample<double> sample(size, which);
    std::vector<double> plain(size), delta;
    const double sum = loss.value_and_gradient(sample.output.data(), sample.target.data(), plain.data(), sample.size(),
                                               sample.size(), 0.5);
    CHECK(sample.loss(loss, &delta, 1, 1, 0.5) == Approx(sum).epsilon(1e-12));
    for (std::size_t i = 0; i < size; ++i) REQUIRE(delta[i] == Approx(plain[i]).epsilon(1e-14));
  });
}

TEST_CASE("a weight of 0 leaves a part out") {
  const Sample<float> sample(300, Hit::some);
  std::vector<float> delta;
  sample.loss(SquaredError{}, &delta, 1, 0);
  for (std::size_t i = 0; i < delta.size(); ++i) CHECK((delta[i] != 0) == sample.hit[i]);
  sample.loss(SquaredError{}, &delta, 0, 1);
  for (std::size_t i = 0; i < delta.size(); ++i) CHECK((delta[i] == 0) == sample.hit[i]);
}

TEST_CASE("the derivative may overwrite the output, and scratch may be used again") {
  each_case([](const auto& loss, std::size_t size, Hit which) {
    INFO(loss.name);
    Sample<float> sample(size, which);
    std::vector<float> delta;
    const double sum = sample.loss(loss, &delta, alpha, beta, 0.5);
    Buffer<float> scratch(3);
    scratch.fill(-5);
    float* const output = sample.output.data();
    const std::vector<float> before = sample.output;
    for (int again = 0; again < 2; ++again) {
      sample.output = before;
      CHECK(detail::emphasized_loss(loss, output, sample.target.data(), sample.clean.data(), sample.corrupted.data(),
                                    output, sample.size(), 0.5, alpha, beta, scratch) == sum);
      CHECK(sample.output == delta);
    }
  });
}

TEST_CASE("the clean sample may be the target itself") {
  Sample<double> sample(300, Hit::some);
  sample.target = sample.clean;
  std::vector<double> delta, aliased(300);
  const double sum = sample.loss(SquaredError{}, &delta, alpha, beta);
  Buffer<double> scratch;
  CHECK(detail::emphasized_loss(SquaredError{}, sample.output.data(), sample.clean.data(), sample.clean.data(),
                                sample.corrupted.data(), aliased.data(), Index{300}, 1.0, alpha, beta,
                                scratch) == sum);
  CHECK(aliased == delta);
}

}  // namespace emphasis_test
