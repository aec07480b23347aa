#pragma once

// The common part of the gradient law's tests.
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

namespace laws {

/// Compares the gradient of a model in double with central differences, without and with weights of the samples. Inputs
/// are larger than targets, so that outputs and activations lie on both sides of every kink. `seed` determines the
/// parameters.
template <class Model>
void check_gradient(Model& model, std::string_view name, std::uint64_t seed = 5) {
  using namespace eigencoder;
  constexpr double bound = 1e-7;
  model.initialize(2);
  // Nothing may be at a symmetric point: biases and normalizations move away from zero and one.
  Random random(seed, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  const Shape in = model.input_shape();
  const MatrixX<double> targets = samples(in.channels, in.height * in.width * 4).reshaped(in.size(), 4);
  const MatrixX<double> inputs = 3 * (samples(in.size(), 4, false, 9).array() - 0.5).matrix();
  for (const std::span<const double> weights : {std::span<const double>(), std::span(sample_weights).first(4)}) {
    const auto error = gradient_error(model, inputs, targets, 1, 2, weights);
    INFO(name << (weights.empty() ? "" : ", weighted") << ", block of layer " << error.block.layer << ", kind "
              << static_cast<int>(error.block.kind));
    CHECK(error.worst <= bound);
  }
}

}  // namespace laws
