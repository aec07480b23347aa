// A child of fork has other of its parent's threads, and works all the same.
#include <eigencoder/data/stream.hpp>
#include <eigencoder/eigencoder.hpp>

#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

#if defined(__unix__)

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <semaphore>
#include <system_error>
#include <thread>

using namespace eigencoder;

namespace fork_test {
namespace {

using Model = Autoencoder<Encoder<Input<60>, Dense<100>, Tanh, Dense<8>>, Decoder<Mirror>, SquaredError>;

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(60, 300);
  return x;
}

/// What a model learns on three threads.
std::vector<std::byte> train() {
  set_threads(3);
  Model model;
  model.fit(data(), Adam{}, {.epochs = 2, .batch_size = 150});
  set_threads(0);
  return bits(model);
}

/// Whether a second thread comes to a region, for which it has 20 seconds.
bool has_second_thread() {
  std::atomic<int> here = 0;
  detail::parallel_for(2, 2, [&](Index, int) {
    ++here;
    const double start = detail::now();
    while (here < 2 && detail::now() - start < 20) std::this_thread::yield();
  });
  return here == 2;
}

/// Whether `run` returns true in a child process, within a minute.
template <class Run>
bool holds_in_child(const Run& run) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(60);
    bool holds = false;
    try {
      holds = run();
    } catch (...) {
    }
    ::_exit(holds ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a child trains that was forked off before there were threads, and after") {
  release_threads();
  CHECK(holds_in_child([&] { return !train().empty() && has_second_thread(); }));
  const auto expected = train();
  for (int i = 0; i < 3; ++i) {
    CHECK(holds_in_child([&] { return train() == expected && has_second_thread(); }));
    CHECK(holds_in_child([&] {
      return holds_in_child([&] { return train() == expected && has_second_thread(); }) && has_second_thread();
    }));
    CHECK(train() == expected);
    CHECK(has_second_thread());
  }
}

TEST_CASE("a child trains that was forked off while another thread trained") {
  const auto expected = train();
  std::atomic<bool> is_over = false;
  std::atomic<int> trained = 0, wrong = 0;
  std::thread other([&] {
    for (; !is_over; ++trained)
      if (train() != expected) ++wrong;
  });
  for (int i = 0; i < 20; ++i) CHECK(holds_in_child([&] { return train() == expected && has_second_thread(); }));
  is_over = true;
  other.join();
  CHECK(wrong == 0);
  CHECK(train() == expected);
}

TEST_CASE("a process ends while its threads wait, and while they work") {
  // The status of a process that ends as `main` does.
  const auto ends_well = [](const auto& run) {
    const pid_t child = fork();
    if (child == 0) {
      ::alarm(60);
      run();
      std::exit(0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  };
  for (int i = 0; i < 5; ++i) {
    CHECK(ends_well([] { train(); }));
    CHECK(ends_well([] {
      static std::atomic<int> tasks{0};
      std::thread([] {
        while (true) detail::parallel_for(1000, 3, [](Index, int) { ++tasks; });
      }).detach();
      while (tasks < 100000) std::this_thread::yield();
    }));
  }
}

#ifdef __GLIBC__
TEST_CASE("training goes on where the system refuses threads") {
  const auto expected = train();
  CHECK(holds_in_child([&] {
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0 ||
        ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 46) != 0 ||  // more than there are addresses for
        ::pthread_setattr_default_np(&attributes) != 0)
      return false;
    bool is_refused = false;
    try {
      std::thread([] {}).join();
    } catch (const std::system_error&) {
      is_refused = true;
    }
    Model streamed;
    Stream stream{AnyOrder{data()}};
    set_threads(3);
    streamed.fit(stream, Adam{}, {.epochs = 2, .batch_size = 150});
    return is_refused && train() == expected && bits(streamed) == expected;
  }));
}
#endif

TEST_CASE("a child goes on with a stream of its parent's, unless it was reading") {
  // Lets a read end when it is told to.
  struct Gate {
    std::counting_semaphore<> begun{0}, may_end{0};
  };
  struct Gated : AnyOrder {
    Gate* gate;
    explicit Gated(Gate& its) : AnyOrder{data()}, gate(&its) {}
    void read(std::span<const std::uint32_t> indices, float* out) {
      gate->begun.release();
      gate->may_end.acquire();
      AnyOrder::read(indices, out);
    }
  };
  Gate gate;
  Stream<float> stream{Gated(gate)};
  using Indices = std::vector<std::uint32_t>;
  const Indices first{4, 7}, second{1, 2}, other{0};
  const auto values = [](const Batch<float>& batch) { return MatrixX<float>(batch.inputs.matrix()); };

  gate.may_end.release(1);
  const MatrixX<float> sevens = values(stream.fetch(first, second));
  CHECK((sevens.col(1) == data().col(7)));
  gate.begun.acquire();
  gate.begun.acquire();  // the second batch's read is under way
  CHECK(holds_in_child([&] {
    for (const auto& indices : {second, other, second})
      if (!says(thrown<Error>([&] { stream.fetch(indices, {}); }), {"forked", "new stream"})) return false;
    return true;
  }));
  gate.may_end.release(2);
  CHECK((values(stream.fetch(second, {})).col(0) == data().col(1)));
  CHECK(holds_in_child([&] { return values(stream.fetch(other, {})).col(0) == data().col(0); }));
  CHECK((values(stream.fetch(other, {})).col(0) == data().col(0)));
}

#else

TEST_CASE("fork") { WARN("not tested here: there is no fork"); }

#endif

}  // namespace fork_test
