// expect: eigencoder: export_header knows no layers but the library's own
#include <eigencoder/export/export_header.hpp>

using namespace eigencoder;

struct Half {
  static constexpr std::string_view name = "Half";
  static constexpr SavedForBackward saved_for_backward = SavedForBackward::output;
  static constexpr InitializerHint hint = InitializerHint::glorot;

  template <class Scalar>
  Scalar value(Scalar z) const { return z / 2; }
  template <class Scalar>
  Scalar derivative(Scalar) const { return Scalar(0.5); }
  template <class Scalar>
  Scalar second_derivative(Scalar) const { return 0; }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Half>, Decoder<Dense<784>>, SquaredError>;

// Legal but for the one call.
int main() {
  const Model model;
  export_header(model, "model.hpp");
}
