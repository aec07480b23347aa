#include <eigencoder/training/progress_bar.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <string>

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace eigencoder;

namespace progress_bar_test {

#if __has_include(<unistd.h>)
namespace {

// A terminal of our own in the place of the standard error stream, which remembers what it was sent.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    REQUIRE(master_ >= 0);
    REQUIRE(::grantpt(master_) == 0);
    REQUIRE(::unlockpt(master_) == 0);
    const int slave = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    REQUIRE(slave >= 0);
    std::fflush(stderr);
    before_ = ::dup(2);
    ::dup2(slave, 2);
    ::close(slave);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    std::fflush(stderr);
    ::dup2(before_, 2);
    ::close(before_);
    ::close(master_);
  }

  // What has arrived since the last look.
  std::string text() const {
    std::fflush(stderr);
    std::string all;
    char some[512];
    for (auto n = ::read(master_, some, sizeof some); n > 0; n = ::read(master_, some, sizeof some))
      all.append(some, static_cast<std::size_t>(n));
    return all;
  }

 private:
  int master_ = -1, before_ = -1;
};

// What a bar draws while a model trains for 4 epochs of 2 batches, and what is seen afterwards.
struct Watched {
  ProgressBar bar = {};
  Index stop_at = 0, throw_at = 0;
  Signal operator()(const EpochReport& report) {
    bar(report);
    if (report.epoch == throw_at) throw 1;
    return report.epoch == stop_at ? Signal::stop : Signal::proceed;
  }
  void on_batch(const BatchReport& report) { bar.on_batch(report); }
  void on_end() { bar.on_end(); }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a progress bar ends its line, however training ends", "[progress bar]") {
  using Model = Autoencoder<Encoder<Input<6>, Dense<2>>, Decoder<Mirror>, SquaredError>;
  const MatrixX<float> x = unit_samples(6, 8);
  std::string whole, stopped, thrown, diverged;
  {
    const Terminal terminal;
    FitOptions<float> options{.epochs = 4, .batch_size = 4, .observer = ProgressBar{}};
    Model().fit(x, Adam{}, options);
    whole = terminal.text();
    options.observer = Watched{.stop_at = 2};
    Model().fit(x, Adam{}, options);
    stopped = terminal.text();
    options.observer = Watched{.throw_at = 3};
    try {
      Model().fit(x, Adam{}, options);
    } catch (const ObserverError&) {
      thrown = terminal.text();
    }
    try {
      Model().fit(x, Sgd{.learning_rate = 1e30}, options);
    } catch (const DivergenceError&) {
      diverged = terminal.text();
    }
  }
  CHECK(whole.find("epoch 4/4") != whole.npos);
  CHECK(stopped.find("epoch 2/4") != stopped.npos);
  CHECK(thrown.find("epoch 3/4") != thrown.npos);
  CHECK(diverged.find("epoch 1/4") != diverged.npos);
  for (const std::string& text : {whole, stopped, thrown, diverged}) {
    INFO(text);
    CHECK(count(text, "\n") == 1);
    CHECK(text.find('\n') + 1 == text.size());
  }
  // Each batch of each epoch changes the bar, also where it is as full as at the end of the epoch before.
  CHECK(count(whole, "[") - count(whole, "\033[") == 8);
}

TEST_CASE("with one batch an epoch the bar is drawn in each", "[progress bar]") {
  std::string text;
  {
    const Terminal terminal;
    ProgressBar bar;
    for (const Index epoch : {1, 2, 3}) {
      BatchReport batch;
      batch.epoch = epoch;
      batch.epochs = 3;
      batch.batch = batch.batches = 1;
      bar.on_batch(batch);
      EpochReport report;
      report.epoch = epoch;
      report.epochs = 3;
      bar(report);
    }
    text = terminal.text();
  }
  CHECK(count(text, "########################") == 3);
}

TEST_CASE("a progress bar's lines are in a pipe as they are made", "[progress bar]") {
  std::fflush(stderr);
  const int before = ::dup(2);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  ::dup2(ends[1], 2);
  char buffer[BUFSIZ];
  std::setvbuf(stderr, buffer, _IOFBF, sizeof buffer);
  ProgressBar bar;
  std::size_t lines = 0;
  for (const Index epoch : {1, 2, 3}) {
    EpochReport report;
    report.epoch = epoch;
    report.epochs = 3;
    bar(report);
    char text[512];
    const auto size = ::read(ends[0], text, sizeof text);
    if (size > 0) lines += count(std::string(text, static_cast<std::size_t>(size)), "\n");
    CHECK(lines == static_cast<std::size_t>(epoch));
  }
  std::setvbuf(stderr, nullptr, _IONBF, 0);
  ::dup2(before, 2);
  for (const int end : {before, ends[0], ends[1]}) ::close(end);
}
#endif

}  // namespace progress_bar_test
