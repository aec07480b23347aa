#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <limits>

#include "support/catch.hpp"

using eigencoder::detail::FlushSubnormals;

namespace {

// Hidden from the compiler, so that the processor multiplies at run time, at this point.
template <class Scalar>
[[gnu::noinline]] Scalar product(Scalar a, Scalar b) {
  volatile Scalar x = a, y = b;
  volatile Scalar result = x * y;
  return result;
}

template <class Scalar>
constexpr Scalar least = std::numeric_limits<Scalar>::min();

// To be looked at outside of the scope, where comparing numbers flushes none.
template <class Scalar>
Scalar flushed(Scalar a, Scalar b) {
  const FlushSubnormals scope;
  return product(a, b);
}

}  // namespace

TEMPLATE_TEST_CASE("subnormal operands and results are 0, normal ones themselves", "", float, double) {
  const TestType subnormal = least<TestType> / 4;
  const TestType result = flushed(least<TestType>, TestType(0.25)), operand = flushed(subnormal, TestType(16));
  CHECK((result == 0) == FlushSubnormals::available);
  CHECK((operand == 0) == FlushSubnormals::available);
  CHECK(flushed(least<TestType>, TestType(1)) == least<TestType>);
  CHECK(flushed(TestType(3), TestType(0.5)) == TestType(1.5));
}

TEMPLATE_TEST_CASE("at the end of a scope the mode is as before", "", float, double) {
  const auto keeps_subnormals = [] { return product(least<TestType>, TestType(0.25)) > 0; };
  REQUIRE(keeps_subnormals());
  bool inside = true, after_inner = true;
  {
    const FlushSubnormals outer;
    { const FlushSubnormals inner; }
    { const FlushSubnormals inactive(false); }
    after_inner = keeps_subnormals();
    try {
      const FlushSubnormals thrown;
      throw 1;
    } catch (int) {
    }
    inside = keeps_subnormals();
  }
  CHECK(keeps_subnormals());
  CHECK(after_inner == !FlushSubnormals::available);
  CHECK(inside == !FlushSubnormals::available);
}

TEMPLATE_TEST_CASE("a scope that does not flush changes nothing, and one inside it may flush", "", float, double) {
  const auto keeps_subnormals = [] { return product(least<TestType>, TestType(0.25)) > 0; };
  bool while_inactive = false, within = true, after = false;
  {
    const FlushSubnormals inactive(false);
    while_inactive = keeps_subnormals();
    {
      const FlushSubnormals active;
      within = keeps_subnormals();
    }
    after = keeps_subnormals();
  }
  CHECK(while_inactive);
  CHECK(within == !FlushSubnormals::available);
  CHECK(after);
}
