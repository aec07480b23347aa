#include <eigencoder/training/fit_options.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <cmath>

using namespace eigencoder;

namespace options_test {

namespace {

template <class Change>
std::string refused(const Change& change) {
  FitOptions<float> options;
  change(options);
  return thrown<OptionError>([&] { options.validate(); });
}

}  // namespace

TEST_CASE("the default options are valid, and so are the ends of the ranges") {
  CHECK_NOTHROW(FitOptions<float>{}.validate());
  CHECK(refused([](auto& o) {
          o.epochs = 1;
          o.max_steps = 1;
          o.max_seconds = HUGE_VAL;
          o.batch_size = 1;
        }).empty());
  CHECK(refused([](auto& o) { o.early_stopping = EarlyStopping{.patience = 0}; }).empty());
  CHECK(refused([](auto& o) { o.batch_size = Index{1} << 40; }).empty());
}

TEST_CASE("an option outside its range is named") {
  const double nan = std::nan("");
  CHECK(says(refused([](auto& o) { o.epochs = 0; }), {"FitOptions.epochs"}));
  CHECK(says(refused([](auto& o) { o.max_steps = 0; }), {"FitOptions.max_steps", "at least 1"}));
  CHECK(says(refused([](auto& o) { o.max_steps = -3; }), {"FitOptions.max_steps"}));
  CHECK(says(refused([](auto& o) { o.max_seconds = 0; }), {"FitOptions.max_seconds", "above 0"}));
  CHECK(says(refused([&](auto& o) { o.max_seconds = nan; }), {"FitOptions.max_seconds"}));
  CHECK(says(refused([](auto& o) { o.batch_size = -1; }), {"FitOptions.batch_size"}));
  CHECK(says(refused([](auto& o) { o.validation_split = -0.1; }), {"FitOptions.validation_split"}));
  CHECK(says(refused([](auto& o) { o.validation_split = 1; }), {"FitOptions.validation_split"}));
  CHECK(says(refused([&](auto& o) { o.validation_split = nan; }), {"FitOptions.validation_split"}));
  CHECK(says(refused([](auto& o) { o.early_stopping = EarlyStopping{.patience = -1}; }),
             {"EarlyStopping.patience"}));
  CHECK(says(refused([&](auto& o) { o.early_stopping = EarlyStopping{.min_delta = nan}; }),
             {"EarlyStopping.min_delta"}));
  CHECK(says(refused([](auto& o) { o.early_stopping = EarlyStopping{.min_delta = HUGE_VAL}; }),
             {"EarlyStopping.min_delta", "finite and at least 0"}));
  CHECK(says(refused([](auto& o) { o.trim = -0.1; }), {"FitOptions.trim", "[0, 1)"}));
  CHECK(says(refused([](auto& o) { o.trim = 1; }), {"FitOptions.trim"}));
  CHECK(says(refused([&](auto& o) { o.trim = nan; }), {"FitOptions.trim"}));
  CHECK(says(refused([](auto& o) { o.trim = 0.9 / static_cast<double>(o.batch_size); }), {"FitOptions.trim", "1 / batch_size"}));
  CHECK(says(refused([](auto& o) { o.clip_value = 0; }), {"FitOptions.clip_value"}));
  CHECK(says(refused([&](auto& o) { o.clip_norm = nan; }), {"FitOptions.clip_norm"}));
}

TEST_CASE("validation targets need a validation set") {
  const MatrixX<float> x = MatrixX<float>::Zero(3, 2);
  CHECK(says(refused([&](auto& o) { o.validation_targets = x; }), {"FitOptions.validation_targets"}));
  CHECK(says(refused([&](auto& o) {
               o.validation_split = 0.5;
               o.validation_targets = x;
             }),
             {"FitOptions.validation_targets"}));
  CHECK(refused([&](auto& o) {
          o.validation = x;
          o.validation_targets = x;
        }).empty());
}

TEST_CASE("early stopping decides from the losses and the epochs alone") {
  const EarlyStopping stopping{.patience = 3, .min_delta = 0.5};
  CHECK(stopping.improves(HUGE_VAL, HUGE_VAL, 0));  // the first loss of a fit
  CHECK(stopping.improves(1.4, 2, 1));
  CHECK_FALSE(stopping.improves(1.5, 2, 1));
  CHECK_FALSE(stopping.improves(std::nan(""), 2, 1));
  CHECK_FALSE(stopping.stops_after(9, 0));
  CHECK_FALSE(stopping.stops_after(9, 7));
  CHECK(stopping.stops_after(10, 7));
  const EarlyStopping impatient{.patience = 0};
  CHECK_FALSE(impatient.stops_after(7, 7));
  CHECK(impatient.stops_after(8, 7));
}

}  // namespace options_test
