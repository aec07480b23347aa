// Which value meets which tap at which position: the same in a convolution and in its adjoint.
#include <eigencoder/detail/kernels/convolution.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <vector>

using namespace eigencoder;
using detail::ConvolutionAxis;

namespace convolution_axis_test {
namespace {

using Meeting = std::array<Index, 3>;  // image value, tap, window position

std::vector<Meeting> by_definition(const WindowSide& side, Index n) {
  std::vector<Meeting> meetings;
  for (Index position = 0; position < side.output(n); ++position)
    for (Index tap = 0; tap < side.kernel; ++tap)
      if (const Index value = position * side.stride + tap * side.dilation - side.padding(n); value >= 0 && value < n)
        meetings.push_back({value, tap, position});
  std::sort(meetings.begin(), meetings.end());
  return meetings;
}

// Calls `visit(output, tap, input)` for all that an axis describes, for inputs below `inputs`.
template <class Visit>
void each_read(const ConvolutionAxis& axis, Index inputs, const Visit& visit) {
  for (Index q = 0; q < axis.outputs; ++q)
    for (Index t = 0; t < axis.taps; ++t)
      if (const Index read = q * axis.stride + axis.offset + t * axis.dilation; read >= 0 && read < inputs)
        visit(axis.first + q * axis.step, axis.tap + t * axis.tap_step, read);
}

template <class Visit>
void each_side(const Visit& visit) {
  for (const Index kernel : {1, 2, 3, 5})
    for (const Index stride : {1, 2, 3, 4, 7})
      for (const Index dilation : {1, 2, 3, 4})
        for (const Index padding : {0, 1, 4})
          for (const Index n : {1, 2, 5, 8}) {
            const WindowSide side{
                .kernel = kernel, .stride = stride, .dilation = dilation, .before = padding, .after = padding};
            if (side.output(n) > 0) visit(side, n);
          }
}

}  // namespace

TEST_CASE("a convolution and the phases of its adjoint combine the same values and taps") {
  each_side([](const WindowSide& side, Index n) {
    INFO("kernel " << side.kernel << ", stride " << side.stride << ", dilation " << side.dilation << ", padding "
                   << side.before << ", " << n << " values");
    std::vector<Meeting> forward, backward;
    each_read(ConvolutionAxis::forward(side, n), n,
              [&](Index position, Index tap, Index value) { forward.push_back({value, tap, position}); });
    for (Index phase = 0; phase < side.stride; ++phase)
      each_read(ConvolutionAxis::adjoint(side, n, phase), side.output(n),
                [&](Index value, Index tap, Index position) { backward.push_back({value, tap, position}); });
    std::sort(forward.begin(), forward.end());
    std::sort(backward.begin(), backward.end());
    CHECK(forward == by_definition(side, n));
    CHECK(backward == forward);
  });
}

TEST_CASE("a tap of a convolution, and the outputs at which it reads a value") {
  each_side([](const WindowSide& side, Index n) {
    const ConvolutionAxis all = ConvolutionAxis::forward(side, n);
    for (Index tap = 0; tap < side.kernel; ++tap) {
      const ConvolutionAxis axis = all.with_taps(tap, 1);
      CHECK((axis.tap == tap && axis.taps == 1));
      const Range range{all.outputs / 3, all.outputs - all.outputs / 3}, inside = axis.inside(range, n);
      for (Index q = range.first; q < all.outputs; ++q) {
        const Index read = axis.read_begin(q);
        CHECK((read >= 0 && read < n) == (q >= inside.first && q < inside.first + inside.count));
      }
    }
  });
}

}  // namespace convolution_axis_test
