#include <eigencoder/detail/base/hyperparameters.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <limits>
#include <vector>

using namespace eigencoder;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

template <class Require>
void check_range(const Require& require_range, const char* rule, const std::vector<double>& inside,
                 std::vector<double> outside) {
  outside.push_back(nan);
  for (const double value : inside) {
    INFO(value);
    CHECK_NOTHROW(require_range("Type.member", value));
  }
  for (const double value : outside) {
    INFO(value);
    CHECK(thrown<OptionError>([&] { require_range("Type.member", value); }) ==
          std::string("eigencoder: Type.member must ") + rule);
  }
}

}  // namespace

TEST_CASE("each range accepts what it states and refuses the rest by name") {
  using namespace detail;
  check_range(require_finite, "be finite", {-1, 0, 1e300}, {infinity, -infinity});
  check_range(require_nonnegative, "be finite and at least 0", {0, 1e-300, 2}, {-1e-300, infinity});
  check_range(require_positive, "be finite and above 0", {1e-300, 2}, {0, -1, infinity});
  check_range(require_above_zero, "be positive", {1e-300, 2, infinity}, {0, -1, -infinity});
  check_range(require_probability, "lie in [0, 1]", {0, 0.5, 1}, {-1e-9, 1 + 1e-9});
  check_range(require_fraction, "lie in [0, 1)", {0, 0.5}, {-1e-9, 1});
  check_range(require_positive_fraction, "lie in (0, 1]", {1e-9, 1}, {0, 1 + 1e-9});
  check_range(require_open_fraction, "lie in (0, 1)", {1e-9, 0.5}, {0, 1});
}

TEST_CASE("whole numbers have a least value") {
  CHECK_NOTHROW(detail::require_at_least("Type.count", 1, 1));
  CHECK(thrown<OptionError>([] { detail::require_at_least("Type.count", 1, 0); }) ==
        "eigencoder: Type.count must be at least 1");
}
