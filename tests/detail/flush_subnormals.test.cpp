#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <limits>

#include "support/catch.hpp"

using eigencoder::detail::FlushSubnormals;

namespace {

// Out of the compiler's sight, so that the processor multiplies, and when it is told to.
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

TEMPLATE_TEST_CASE("on leaving all is as it was", "", float, double) {
  const auto kept = [] { return product(least<TestType>, TestType(0.25)) > 0; };
  REQUIRE(kept());
  bool inside = true, after_inner = true;
  {
    const FlushSubnormals outer;
    { const FlushSubnormals inner; }
    { const FlushSubnormals unwanted(false); }
    after_inner = kept();
    try {
      const FlushSubnormals thrown;
      throw 1;
    } catch (int) {
    }
    inside = kept();
  }
  CHECK(kept());
  CHECK(after_inner == !FlushSubnormals::available);
  CHECK(inside == !FlushSubnormals::available);
}

TEMPLATE_TEST_CASE("where it is not wanted nothing changes, and a scope within it counts", "", float, double) {
  const auto kept = [] { return product(least<TestType>, TestType(0.25)) > 0; };
  bool unwanted = false, within = true, after = false;
  {
    const FlushSubnormals none(false);
    unwanted = kept();
    {
      const FlushSubnormals wanted;
      within = kept();
    }
    after = kept();
  }
  CHECK(unwanted);
  CHECK(within == !FlushSubnormals::available);
  CHECK(after);
}
