// Which value meets which tap at which place: told forward and backward, the same.
#include <eigencoder/detail/kernels/tap_line.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <vector>

using namespace eigencoder;
using detail::TapLine;

namespace {

using Meeting = std::array<Index, 3>;  // value of the image, tap, place of the window

std::vector<Meeting> by_definition(const WindowSide& side, Index n) {
  std::vector<Meeting> meetings;
  for (Index place = 0; place < side.output(n); ++place)
    for (Index tap = 0; tap < side.kernel; ++tap)
      if (const Index at = place * side.stride + tap * side.dilation - side.padding(n); at >= 0 && at < n)
        meetings.push_back({at, tap, place});
  std::sort(meetings.begin(), meetings.end());
  return meetings;
}

// What a line tells: the value that leaves, the tap, and the value that is read, of those from 0 to `entering` - 1.
template <class Visit>
void each_read(const TapLine& line, Index entering, const Visit& visit) {
  for (Index q = 0; q < line.places; ++q)
    for (Index t = 0; t < line.count; ++t)
      if (const Index read = q * line.reach + line.offset + t * line.gap; read >= 0 && read < entering)
        visit(line.first + q * line.step, line.tap + t * line.tap_step, read);
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

TEST_CASE("a convolution and the phases of its adjoint tell the same meetings", "[tap_line]") {
  each_side([](const WindowSide& side, Index n) {
    INFO("kernel " << side.kernel << ", stride " << side.stride << ", dilation " << side.dilation << ", padding "
                   << side.before << ", " << n << " values");
    std::vector<Meeting> forward, backward;
    each_read(TapLine::forward(side, n), n,
              [&](Index place, Index tap, Index at) { forward.push_back({at, tap, place}); });
    for (Index phase = 0; phase < side.stride; ++phase)
      each_read(TapLine::backward(side, n, phase), side.output(n),
                [&](Index at, Index tap, Index place) { backward.push_back({at, tap, place}); });
    std::sort(forward.begin(), forward.end());
    std::sort(backward.begin(), backward.end());
    CHECK(forward == by_definition(side, n));
    CHECK(backward == forward);
  });
}

TEST_CASE("a tap of a convolution, and the places where it reads a value", "[tap_line]") {
  each_side([](const WindowSide& side, Index n) {
    const TapLine all = TapLine::forward(side, n);
    for (Index tap = 0; tap < side.kernel; ++tap) {
      const TapLine line = all.taps(tap, 1);
      CHECK((line.tap == tap && line.count == 1));
      const Range among{all.places / 3, all.places - all.places / 3}, inside = line.inside(among, n);
      for (Index q = among.first; q < all.places; ++q) {
        const Index at = line.read_from(q);
        CHECK((at >= 0 && at < n) == (q >= inside.first && q < inside.first + inside.count));
      }
    }
  });
}
