// expect: eigencoder: export_header supports only the library's own layers
#include <eigencoder/export/export_header.hpp>

using namespace eigencoder;

struct Half : Identity {
  static constexpr std::string_view name = "Half";
  template <class Scalar>
  Scalar value(Scalar z) const { return z / 2; }
};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Half>, Decoder<Dense<784>>, SquaredError>;

// Legal but for the one call.
int main() {
  const Model model;
  export_header(model, "model.hpp");
}
