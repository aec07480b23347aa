// A penalty and a corruption of a user's own: they satisfy the concepts, and pass the installed law checks.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/testing.hpp>

#include "consumer.hpp"

namespace {

using namespace eigencoder;

/// weight times the squared mean code of a batch.
struct Centered {
  static constexpr std::string_view kind = "Centered";
  static constexpr Index at_layer = -1;
  double weight = 0.5;

  void validate() const {}
  template <class Scalar>
  double penalize(const Scalar* codes, Scalar* gradient, Index size, Index batch) const {
    double sum = 0;
    for (Index i = 0; i < size; ++i) {
      double mean = 0;
      for (Index j = 0; j < batch; ++j) mean += static_cast<double>(codes[j * size + i]) / static_cast<double>(batch);
      sum += mean * mean;
      for (Index j = 0; j < batch; ++j)
        gradient[j * size + i] += static_cast<Scalar>(2 * weight * mean / static_cast<double>(batch));
    }
    return weight * sum;
  }
};

/// Some values change places with the next one.
struct Swaps {
  static constexpr std::string_view name = "Swaps";
  double rate = 0.2;

  void validate() const {}
  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    for (Index i = 0; i + 1 < shape.size(); ++i)
      if (random.bernoulli(rate)) std::swap(sample[i], sample[i + 1]);
  }
};

}  // namespace

bool own_parts_are_lawful() {
  Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError, Centered, Denoising<Swaps>,
              Contractive<>, Precision<double>>
      model;
  const MatrixX<double> samples = MatrixX<double>::Random(6, 8);
  if (gradient_error(model, samples).worst > 1e-7) return false;
  model.fit(samples, Adam{}, {.epochs = 2});
  return model.epochs().back().terms.front().name == "Centered" && penalty_error(Centered{}, samples) < 1e-7 &&
         corruption_faults(Swaps{}, Shape::flat(6), samples) == 0;
}
