// Trainings in threads of a program's own, and the number of threads. Meant for ThreadSanitizer too.
#include <eigencoder/eigencoder.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>

using namespace eigencoder;

namespace training_test {
namespace {

using Model = Autoencoder<Encoder<Input<60>, Dense<100>, BatchNorm, Tanh, Dropout, Dense<8>>, Decoder<Mirror>,
                          SquaredError, Denoising<GaussianNoise>>;

std::vector<std::byte> train(std::uint64_t seed, Index epochs) {
  Model model;
  model.fit(unit_samples(60, 300, seed), Adam{}, {.epochs = epochs, .batch_size = 150, .seed = seed});
  return bits(model);
}

}  // namespace

TEST_CASE("two models that train side by side learn what each learns alone, bit for bit") {
  set_threads(3);
  constexpr std::uint64_t seeds[] = {1, 2};
  for (int round = 0; round < 3; ++round) {
    std::vector<std::byte> learned[2];
    std::thread other([&] { learned[0] = train(seeds[0], 6); });
    learned[1] = train(seeds[1], 6);
    other.join();
    for (std::size_t i : {0U, 1U}) CHECK((learned[i] == train(seeds[i], 6)));
  }
  set_threads(0);
}

TEST_CASE("a model learns the same bits beside busy threads") {
  set_threads(1);
  const auto expected = train(3, 4);
  std::atomic<bool> is_over = false;
  std::vector<std::thread> busy;
  for (int i = 0; i < 4; ++i)
    busy.emplace_back([&] {
      while (!is_over) {
      }
    });
  for (const int team : {2, 3, 8, 64}) {
    set_threads(team);
    CHECK((train(3, 4) == expected));
  }
  is_over = true;
  for (auto& thread : busy) thread.join();
  set_threads(0);
}

TEST_CASE("a workspace follows set_threads, unless its own number was chosen") {
  const Model model;
  const MatrixX<float> x = unit_samples(60, 300);
  set_threads(1);
  Workspace<float> workspace, of_two(2);
  model.encode(x, workspace);
  CHECK(workspace.team() == 1);
#ifndef EIGENCODER_NO_THREADS
  for (const int team : {4, 2, 7}) {
    set_threads(team);
    model.encode(x, workspace);
    CHECK(workspace.team() == team);
    model.encode(x, of_two);
    CHECK(of_two.team() == 2);
  }
#endif
  set_threads(0);
}

#if !defined(EIGENCODER_NO_THREADS) && !defined(_WIN32)  // which has no setenv

TEST_CASE("EIGENCODER_THREADS sets the number of threads, and a bad value is an error") {
  const auto set = [](const char* value) { REQUIRE(::setenv("EIGENCODER_THREADS", value, 1) == 0); };
  const char* const at_start = std::getenv("EIGENCODER_THREADS");
  const std::string before = at_start ? at_start : "";
  for (const int count : {1, 3, 1024}) {
    set(std::to_string(count).c_str());
    CHECK(detail::initial_threads() == count);
  }
  for (const char* const bad : {"0", "-1", "1025", "two", "2 ", " 2", "2.5", "99999999999999999999"}) {
    INFO(bad);
    set(bad);
    CHECK(says(thrown<OptionError>([] { detail::initial_threads(); }), {"EIGENCODER_THREADS", bad, "from 1 to 1024"}));
  }
  set("");
  CHECK(detail::initial_threads() >= 1);
  set(before.c_str());
}

#endif

}  // namespace training_test
