// Models of samples with unknown values agree with libtorch's, where a mask is multiplied by hand: generate_missing.cpp.
#include "golden/golden.hpp"

using namespace golden;

TEST_CASE("models of samples with gaps agree with libtorch") {
  const Fixture fixture("missing");
  const auto model = [](const auto& loss, const auto& policy) {
    return Autoencoder{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{3}}, Mirror{}, loss, policy, Precision<double>{}};
  };
  check_both(fixture, "squared_error", model(SquaredError{}, MissingValues<>{}));
  check_both(fixture, "mask_as_input", model(SquaredError{}, MissingValues<MaskAsInput>{}));
  check_both(fixture, "bernoulli", model(Bernoulli{}, MissingValues<>{}));
  check_both(fixture, "blocks", model(Blocks{{{"color", 3, BlockLoss::categorical, 0.5},
                                              {"size", 2, BlockLoss::gaussian, 2},
                                              {"sold", 1, BlockLoss::bernoulli}}},
                                      MissingValues<>{}));
}
