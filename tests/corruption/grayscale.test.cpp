#include <eigencoder/corruption/grayscale.hpp>

#include "corruption/damage.hpp"
#include "support/catch.hpp"

using namespace eigencoder;

namespace grayscale_test {

TEMPLATE_TEST_CASE("every pixel becomes its luma in all channels", "", float, double) {
  constexpr Shape shape{3, 4, 3};
  const std::vector<TestType> image = damage::image<TestType>(shape);
  const std::vector<TestType> gray = damage::damaged(Grayscale{}, image, shape);
  for (std::size_t i = 0; i < image.size(); i += 3) {
    const double red = image[i], green = image[i + 1], blue = image[i + 2];
    CHECK(gray[i] == Approx(0.299 * red + 0.587 * green + 0.114 * blue).epsilon(1e-6));
    CHECK((gray[i] == gray[i + 1] && gray[i] == gray[i + 2]));
  }
  CHECK(damage::damaged(Grayscale{}, gray, shape) == gray);
}

TEST_CASE("gray takes red, green and blue") {
  static_assert(Corruption<Grayscale>);
  static_assert(Grayscale{}.diagnose({2, 2, 3}).ok() && Grayscale{}.diagnose({2, 2, Dynamic}).ok());
  for (const Index channels : {1, 2, 4}) {
    const Diagnosis refused = Grayscale{}.diagnose({2, 2, channels});
    CHECK(refused.rule == Rule::policy_applies);
    CHECK(refused.sentence().find("Grayscale: got an image of") != std::string::npos);
  }
}

}  // namespace grayscale_test
