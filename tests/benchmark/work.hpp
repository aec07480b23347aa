#pragma once

#include <algorithm>

#include "workload.hpp"

namespace benchmark {

/// What one batch takes at the least: floating-point operations, and bytes that come from memory or go there.
struct Work {
  double operations = 0, bytes = 0;
};

/// What the layers of a workload add up to. A multiplication with its addition counts as two operations; taps of a
/// kernel on the padding count too, activations, pooling, losses and the optimizer do not.
struct Totals {
  double parameters = 0;
  double outputs = 0;  ///< output values of the layers with weights, of one sample
  double stored = 0;   ///< output values of all layers but activations, which work in place, of one sample
  double widest = 0;   ///< the most values between two layers, of one sample
  double products = 0, first_products = 0;  ///< multiplications of one sample, and those of the first layer
};

inline Totals totals(const Workload& workload, bool training) {
  Totals all;
  Size in = workload.size;
  all.widest = static_cast<double>(in.values());
  for (const Step& step : workload.steps) {
    const Size out = step.out(in);
    const auto n = static_cast<double>(in.values()), m = static_cast<double>(out.values()),
               taps = static_cast<double>(step.kernel * step.kernel), channels = static_cast<double>(out.channels);
    double weights = 0, products = 0;
    switch (step.kind) {
      case Step::Kind::dense: products = weights = n * m; break;
      case Step::Kind::posterior:  // in training the log variances, too
        weights = 2 * n * m;
        products = training ? weights : n * m;
        all.parameters += channels;
        break;
      case Step::Kind::conv: products = m * taps * static_cast<double>(in.channels); break;
      case Step::Kind::conv_transpose: products = n * taps * channels; break;
      default: break;
    }
    if (step.kind == Step::Kind::conv || step.kind == Step::Kind::conv_transpose)
      weights = taps * static_cast<double>(in.channels) * channels;
    if (weights > 0) all.parameters += weights + channels, all.outputs += m;
    if (step.kind != Step::Kind::relu && step.kind != Step::Kind::sigmoid && step.kind != Step::Kind::reshape)
      all.stored += m;
    if (all.products == 0) all.first_products = products;
    all.products += products;
    all.widest = std::max(all.widest, m);
    in = out;
  }
  return all;
}

/// Training multiplies three times in each layer, forward, for the gradient of the weights, and for that of the input,
/// which the first layer need not know. Weights are read forward, read and written backward, and so is the optimizer's
/// memory; the samples are read, and every layer's output is written and read back.
inline Work training_work(const Workload& workload) {
  const Totals all = totals(workload, true);
  const auto batch = static_cast<double>(workload.batch), sample = static_cast<double>(workload.size.values());
  return {2 * batch * (3 * all.products - all.first_products),
          sizeof(float) * (all.parameters * (3 + 2 * workload.descent.slots()) + batch * (sample + 2 * all.outputs))};
}

/// Inference reads the weights and the samples and writes the reconstructions; all between can stay in a cache.
inline Work inference_work(const Workload& workload) {
  const Totals all = totals(workload, false);
  const auto batch = static_cast<double>(workload.batch), sample = static_cast<double>(workload.size.values());
  return {2 * batch * all.products, sizeof(float) * (all.parameters + 2 * batch * sample)};
}

}  // namespace benchmark
