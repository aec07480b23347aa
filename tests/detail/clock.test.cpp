#include <chrono>
#include <eigencoder/detail/platform/clock.hpp>

#include "support/catch.hpp"

TEST_CASE("time is read from the steady clock, which does not change with the time of day") {
  const auto steady = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  const double before = steady(), now = eigencoder::detail::now(), after = steady();
#ifdef __APPLE__  // has several
  CHECK(eigencoder::detail::now() >= now);
#else
  CHECK(before <= now);
  CHECK(now <= after);
#endif
}
