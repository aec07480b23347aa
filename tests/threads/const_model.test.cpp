// One const model serves many threads at once. Meant for ThreadSanitizer too.
#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <thread>

using namespace eigencoder;

namespace const_model_test {
namespace {

using Model = Autoencoder<Encoder<Input<50>, Dense<40>, BatchNorm, LeakyRelu, Dropout, Dense<8>>,
                          Decoder<TiedMirror>, Bernoulli>;

constexpr std::size_t team = 4;

}  // namespace

TEST_CASE("four threads that share a const model encode as one thread does") {
  Model trained;
  trained.fit(unit_samples(50, 64), Adam{}, {.epochs = 2});
  const Model model = trained;
  const auto before = bits(model);

  std::vector<MatrixX<float>> data, codes(team), decoded(team), wide(team);
  for (std::size_t t = 0; t < team; ++t) data.push_back(unit_samples(50, 300, t));
  std::vector<int> agreed(team, 0);
  std::vector<double> losses(team);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < team; ++t)
    threads.emplace_back([&, t] {
      Workspace<float> workspace;
      codes[t] = model.encode(data[t]);
      decoded[t] = model.reconstruct(data[t]);
      wide[t] = model.activation(data[t], 0);
      losses[t] = model.evaluate(data[t]).loss;
      for (int i = 0; i < 20; ++i) {
        const View<float> some = model.encode(data[t].leftCols(256), workspace);
        agreed[t] += std::equal(some.data(), some.data() + 8 * 256, codes[t].data()) ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();

  for (std::size_t t = 0; t < team; ++t) {
    CHECK(codes[t] == model.encode(data[t]));
    CHECK(decoded[t] == model.reconstruct(data[t]));
    CHECK(wide[t] == model.activation(data[t], 0));
    CHECK(losses[t] == model.evaluate(data[t]).loss);
    CHECK(agreed[t] == 20);
  }
  CHECK(bits(model) == before);
}

}  // namespace const_model_test
