// expect: eigencoder: export_header supports no model with MissingValues
#include <eigencoder/corruption/missing_values.hpp>
#include <eigencoder/export/export_header.hpp>

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<10>, Dense<6>, Relu>, Decoder<Mirror>, SquaredError, MissingValues<>>;

// Legal but for the one call.
int main() {
  const Model model;
  export_header(model, "model.hpp");
}
