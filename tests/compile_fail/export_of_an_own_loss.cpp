// expect: eigencoder: export_header supports only the library's own losses
#include <eigencoder/export/export_header.hpp>

using namespace eigencoder;

struct Doubled : SquaredError {};

using Model = Autoencoder<Encoder<Input<784>, Dense<32>, Relu>, Decoder<Dense<784>>, Doubled>;

// Legal but for the one call.
int main() {
  const Model model;
  export_header(model, "model.hpp");
}
