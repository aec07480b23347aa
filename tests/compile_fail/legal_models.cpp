// expect: no error
// Models of every kind, every member of each: what the compiler refuses elsewhere, it does not refuse here.
#include <eigencoder/eigencoder.hpp>

#include "every_member.hpp"

using namespace eigencoder;

// A layer, a loss and a policy as a user would add them, by their concepts alone.
struct Square {
  static constexpr std::string_view name = "Square";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::input;
  static constexpr InitializerHint hint = InitializerHint::glorot;

  template <class Scalar>
  Scalar value(Scalar z) const {
    return z * z;
  }
  template <class Scalar>
  Scalar derivative(Scalar z) const {
    return 2 * z;
  }
  template <class Scalar>
  Scalar second_derivative(Scalar) const {
    return 2;
  }
};

struct HalfSquaredError : SquaredError {
  static constexpr std::string_view name = "HalfSquaredError";

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                            double scale) const {
    return SquaredError::value_and_gradient(output, target, delta, size, channels, scale / 2) / 2;
  }
};

struct Mild {
  static constexpr std::string_view kind = "Mild";
  static constexpr Index at_layer = -1;
  void validate() const {}
  double decay(const ParameterBlock&) const { return 1e-6; }
};

int main() {
  // Sizes in types; loss on logits, with and without a mirror.
  every_member(Autoencoder<Encoder<Input<784>, Dense<64>, Relu, Dense<8>>, Decoder<Mirror>, Bernoulli>{});
  every_member(Autoencoder<Encoder<Input<784>, Dense<8>, Sigmoid>, Decoder<TiedMirror, Sigmoid>, SquaredError>{});
  every_member(Autoencoder<Encoder<Image<8, 8, 16>, Dense<20, WithoutBias>>, Decoder<Dense<1024>>, Categorical>{});

  // Sizes in values, and both mixed.
  const Index size = 60;
  every_member(
      Autoencoder{Encoder{Input{size}, Dense{16}, LeakyRelu{.negative_slope = 0.2}, Dense{4}}, Mirror{}, Huber{}});
  every_member(Autoencoder{Encoder{Image{4, 5, 3}, Dense<16>{}, Tanh{}}, Decoder{Dense{size}}, AbsoluteError{}});
  every_member(Autoencoder{Encoder{Input<60>{}, Dense{16}, Relu{}}, TiedMirror{}, SquaredError{}, WeightDecay<>{}});

  // Layers that are neither linear nor pointwise; policies, in any order, at several places.
  every_member(
      Autoencoder<Encoder<Image<4, 5, 3>, Dense<16>, BatchNorm, Gelu, Dropout, Dense<4>>, Decoder<Mirror, LayerNorm>,
                  SquaredError, WeightDecay<>, Augmented<HorizontalFlip, Shift>, WeightDecay<AtLayer<0>>,
                  WeightDecay<AtLayer<4>>, Precision<double>>{WeightDecay<AtLayer<0>>{.weight = 1e-2}});

  // Images: convolutions, pooling, residual stacks, in types and in values.
  every_member(
      Autoencoder<Encoder<Image<9, 8, 3>, Conv2d<6, 3, Stride<2>, Same>, BatchNorm, Relu,
                          Residual<Conv2d<6, 3, Same>, LayerNorm2d, Gelu, Conv2d<6, 1>>, MaxPool2d<2>, Dense<5>>,
                  Decoder<Mirror, Sigmoid>, SquaredError, Augmented<Crop, Rotation, Hue>>{});
  every_member(
      Autoencoder{Encoder{Image{8, 8, 1}, Conv2d{4, 3, Stride{2}, Padding{1}}, Dropout2d{}, AveragePool2d{2}, Dense{8}},
                  Decoder{Dense{16}, Reshape{2, 2, 4}, Upsample{2}, ConvTranspose2d{1, 4, Stride{2}, Same{}}},
                  Bernoulli{}});

  // A user's own parts.
  every_member(Autoencoder<Encoder<Input<60>, Dense<16>, Square>, Decoder<Mirror>, HalfSquaredError, Mild>{});
}
