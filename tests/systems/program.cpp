// What other systems must compile: every umbrella header after the system's own macros, and a use of most of it.
#ifdef _WIN32
#include <windows.h>
#endif
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/evaluation/pca.hpp>
#include <eigencoder/io.hpp>
#include <eigencoder/export/export_header.hpp>
#include <eigencoder/testing.hpp>
#if __has_include(<stb_image.h>)
#include <eigencoder/image.hpp>
#endif

using namespace eigencoder;

using Model = Autoencoder<Encoder<Input<64>, Dense<8>, Gelu>, Decoder<Mirror>, SquaredError, Denoising<Masking>>;

int main() {
  const MatrixX<float> x = MatrixX<float>::Random(64, 40);
  Model model;
  model.fit(x, Adam{}, {.epochs = 2, .observer = Observers{ProgressBar{}, Checkpoints(model, "checkpoints", {})}});
  save(model, "model.safetensors");
  load(model, "model.safetensors");
  export_header(model, "model.hpp", {.name = "model"});
  const auto rows = read_csv("samples.csv", {});
  const auto images = read_npy("samples.npy", {});
  return Pca(x, 2).components() == 2 && rows.samples.size() == images.samples.size() ? 0 : 1;
}
