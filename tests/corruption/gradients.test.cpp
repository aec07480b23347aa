// The gradient law under corruption: draws frozen, in double, against central differences.
#include "support/catch.hpp"
#include "laws/gradient_check.hpp"
#include "laws/list.hpp"

using namespace laws;

namespace {

template <class P, Index Channels>
void check_corruption() {
  for (const bool weighted : {false, true}) {
    P policy;
    if (weighted) {
      policy.corrupted_weight = 3;
      policy.intact_weight = 0.5;
    }
    Autoencoder<Encoder<Image<5, 4, Channels>, Conv2d<3, 2>, Tanh, Dense<4>>, Decoder<TiedMirror>, SquaredError, P,
                Precision<double>>
        model{policy};
    check_gradient(model, Text::of(detail::type_name<P>(), weighted ? ", weighted" : "").view());
  }
}

}  // namespace

TEST_CASE("gradients under every corruption, with and without weights for what it changed") {
  each(Corruptions{}, []<class P>() { check_corruption<P, 2>(); });
  each(ColorCorruptions{}, []<class P>() { check_corruption<P, 3>(); });
}
