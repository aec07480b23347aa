// A training that writes checkpoints is killed at 200 random moments: every restart resumes from a whole file.
#include <eigencoder/serialization/checkpoint_folder.hpp>

#if __has_include(<sys/wait.h>)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace eigencoder;

namespace {

constexpr Index epochs = 400;

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 20);
  return x;
}

void train(Busy& model, const std::string& folder) {
  static_cast<void>(resume(model, folder));
  model.fit(data(), Adam{},
            {.epochs = epochs, .batch_size = 5, .observer = Checkpoints(model, folder, {.every_steps = 1})});
}

/// Trains in another process, which is killed after a while. @returns whether it was still running
bool train_and_kill(const std::string& folder, useconds_t after) {
  const pid_t child = fork();
  if (child == 0) {
    int status = 0;
    try {
      Busy model;
      train(model, folder);
    } catch (...) {
      status = 1;
    }
    _exit(status);
  }
  REQUIRE(child > 0);
  usleep(after);
  kill(child, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
  return WIFSIGNALED(status);
}

int temporaries_in(const std::string& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    count += !detail::stem_of_temporary(entry.path().filename().string()).empty();
  return count;
}

}  // namespace

TEST_CASE("the lock of a process ends with it") {
  const TemporaryFolder folder;
  const std::string path = folder.path();
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    Busy model;
    const auto hold_on = [&](const EpochReport&) {
      if (write(ready[1], "x", 1) == 1) sleep(600);
    };
    model.fit(data(), Adam{}, {.epochs = 1, .batch_size = 5, .observer = Observers{hold_on, Checkpoints(model, path)}});
    _exit(0);
  }
  REQUIRE(child > 0);
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  Busy model;
  CHECK_THROWS_AS(train(model, path), FileError);
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  CHECK(std::filesystem::exists(folder / "eigencoder.lock"));

  // A process that was forked by the holder does not end the lock.
  auto lock = std::make_unique<detail::FolderLock>(path);
  CHECK(lock->take() == detail::Locking::held);
  const pid_t copy = fork();
  if (copy == 0) {
    const bool refused = lock->take() == detail::Locking::by_another;  // and does not hold it
    lock.reset();
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(copy, &status, 0) == copy);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(detail::FolderLock(path).take() == detail::Locking::by_another);
  CHECK(std::filesystem::exists(folder / "eigencoder.lock"));
  lock.reset();
  CHECK_FALSE(std::filesystem::exists(folder / "eigencoder.lock"));
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("killed at 200 random moments, a training resumes from whole files and ends with the same bits") {
  const TemporaryFolder folder;
  std::mt19937 random(5);
  std::uniform_int_distribution<useconds_t> moment(0, 20000);
  int killed = 0, with_temporary = 0;
  std::int64_t steps = 0;
  for (int round = 0; round < 200; ++round) {
    INFO("round " << round);
    killed += train_and_kill(folder.path(), moment(random));
    with_temporary += temporaries_in(folder.path()) > 0;
    folder.put("checkpoint-000000000001.safetensors.eigencoder-part77", std::vector<std::uint8_t>(9));  // one for sure
    Busy model;
    const auto found = resume(model, folder.path());
    CHECK(found.damaged.empty());
    CHECK(temporaries_in(folder.path()) == 0);
    const std::int64_t now = detail::ModelAccess::state(model).steps;
    CHECK(now >= steps);  // nothing that was once written is lost
    steps = now;
  }
  WARN(killed << " of 200 were killed at work, " << with_temporary << " while they wrote; " << steps
              << " steps came through");
  CHECK(killed >= 100);
  Busy resumed, whole;
  train(resumed, folder.path());
  whole.fit(data(), Adam{}, {.epochs = epochs, .batch_size = 5});
  CHECK(bits(resumed) == bits(whole));
}
#endif
