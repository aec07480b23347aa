// The gradient law under corruption: draws frozen, in double, against central differences.
#include "support/catch.hpp"
#include "laws/gradient_check.hpp"
#include "laws/list.hpp"

using namespace laws;

TEST_CASE("gradients under every corruption, with and without weights for what it changed") {
  each(Corruptions{}, []<class P>() {
    for (const bool weighted : {false, true}) {
      P policy;
      if (weighted) {
        policy.corrupted_weight = 3;
        policy.intact_weight = 0.5;
      }
      Autoencoder<Encoder<Image<5, 4, 2>, Conv2d<3, 2>, Tanh, Dense<4>>, Decoder<TiedMirror>, SquaredError, P,
                  Precision<double>>
          model{policy};
      check_gradient(model, Text::of(detail::type_name<P>(), weighted ? ", weighted" : "").view());
    }
  });
}
