// Trains one epoch from an NPY file of 2 GB and says what that took. Fails where the peak of the memory, the whole
// program's, is 300 MB or more.   stream_memory [folder]
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "peak_memory.hpp"
#include "stopwatch.hpp"

namespace {

using namespace eigencoder;

constexpr Index side = 32, channels = 1, samples = Index{1} << 19;  // 2^19 samples of 4 KiB
constexpr double limit = 300;                                       // MB

/// A file that is gone at the end.
struct TemporaryFile {
  std::filesystem::path path;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

/// Writes float32 values in [0, 1) of a fixed pattern, a piece at a time.
void write_npy_file(const std::filesystem::path& path) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(samples) + ", " +
                       std::to_string(side) + ", " + std::to_string(side) + ", " + std::to_string(channels) + "), }";
  header.resize(128 - 10 - 1, ' ');
  header += '\n';
  const auto length = static_cast<char>(header.size());
  const std::string start = std::string("\x93NUMPY\x01\0", 8) + length + '\0' + header;

  const detail::File file(std::fopen(path.string().c_str(), "wb"));
  const auto write = [&](const void* bytes, std::size_t size) {
    if (!file || std::fwrite(bytes, 1, size, file.get()) != size)
      detail::fail_file("write", path.string(), std::strerror(errno));
  };
  write(start.data(), start.size());
  std::vector<float> block(std::size_t{1} << 20);
  std::uint32_t state = 1;
  for (Index left = samples * side * side * channels; left > 0; left -= static_cast<Index>(block.size())) {
    for (float& value : block) value = static_cast<float>((state = state * 1664525U + 1013904223U) >> 8) * 0x1p-24F;
    write(block.data(), block.size() * sizeof(float));
  }
  if (std::fflush(file.get()) != 0) detail::fail_file("write", path.string(), std::strerror(errno));
}

int run(const std::filesystem::path& folder) {
  const TemporaryFile file{folder / "eigencoder-stream-memory.npy"};
  const benchmark::Stopwatch writing;
  write_npy_file(file.path);
  std::printf("wrote %.2f GB in %.1f s\n", static_cast<double>(std::filesystem::file_size(file.path)) / 1e9,
              writing.seconds());

  using Model =
      Autoencoder<Encoder<Image<side, side, channels>, Dense<64>, Relu, Dense<16>>, Decoder<Mirror>, SquaredError>;
  Model model;
  Stream stream{NpySource{file.path.string()}};
  const benchmark::Stopwatch training;
  const auto history = model.fit(stream, Adam{}, {.epochs = 1, .batch_size = 128, .seed = 1});
  const double seconds = training.seconds(), peak = benchmark::peak_memory();
  std::printf("trained %lld samples in %.1f s, %.0f samples/s, loss %.3f\n", static_cast<long long>(samples), seconds,
              static_cast<double>(samples) / seconds, history.epochs.back().train_loss);
  std::printf("peak memory %.1f MB, allowed are %.0f\n", peak, limit);
  return peak < limit ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
