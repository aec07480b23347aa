// A folder of checkpoints: when they are written, which are kept, and what resume loads.
#include <eigencoder/serialization/checkpoint_folder.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace checkpoint_folder_test {
namespace {

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 20);
  return x;
}

std::vector<std::string> names(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) all.push_back(entry.path().filename().string());
  std::sort(all.begin(), all.end());
  return all;
}

std::string name(int steps) {
  const std::string number = std::to_string(steps);
  return "checkpoint-" + std::string(12 - number.size(), '0') + number + ".safetensors";
}

FitOptions<float> options(Index epochs, Observer observer = {}) {
  return {.epochs = epochs, .batch_size = 5, .observer = std::move(observer)};  // 4 steps an epoch
}

}  // namespace

TEST_CASE("checkpoints are written every given number of epochs and at the end, and the latest are kept") {
  const TemporaryFolder folder;
  const std::string run = folder / "new/run";
  Busy model;
  model.fit(data(), Adam{}, options(9, Checkpoints(model, run, {.every_epochs = 2, .keep = 3})));
  CHECK(names(run) == std::vector<std::string>{name(24), name(32), name(36)});
  Busy resumed;
  const auto found = resume(resumed, run);
  CHECK(found.path == run + "/" + name(36));
  CHECK(found.damaged.empty());
  CHECK(bits(resumed) == bits(model));
  CHECK(resumed.fit(data(), Adam{}, options(9)).epochs.size() == 9);  // it was complete
  CHECK(bits(resumed) == bits(model));
}

TEST_CASE("the last checkpoint is written where a budget of steps ends training") {
  const TemporaryFolder folder;
  Busy model, resumed;
  FitOptions<float> budget = options(50, Checkpoints(model, folder.path(), {.every_epochs = 10}));
  budget.max_steps = 6;
  model.fit(data(), Adam{}, budget);
  CHECK(names(folder.path()) == std::vector<std::string>{name(6)});
  REQUIRE(resume(resumed, folder.path()));
  budget.observer = {};
  const History history = resumed.fit(data(), Adam{}, budget);
  CHECK(history.epochs.size() == 2);  // it was complete
  CHECK(history.ended_by_budget);
  CHECK(bits(resumed) == bits(model));
}

TEST_CASE("checkpoints are written every given number of steps") {
  const TemporaryFolder folder;
  Busy model;
  const CheckpointOptions every_5_steps{.every_epochs = 0, .every_steps = 5, .keep = 9};
  model.fit(data(), Adam{}, options(3, Checkpoints(model, folder.path(), every_5_steps)));
  CHECK(names(folder.path()) == std::vector<std::string>{name(5), name(10)});
}

TEST_CASE("checkpoints are written after a given number of minutes") {
  const TemporaryFolder folder;
  Busy model;  // any batch takes longer than a billionth of a minute
  model.fit(data(), Adam{}, options(1, Checkpoints(model, folder.path(), {.every_epochs = 0, .every_minutes = 1e-9})));
  CHECK(names(folder.path()) == std::vector<std::string>{name(2), name(3), name(4)});
  const TemporaryFolder later;
  Busy other;
  other.fit(data(), Adam{}, options(1, Checkpoints(other, later.path(), {.every_epochs = 0, .every_minutes = 1e9})));
  CHECK(names(later.path()).empty());
}

TEST_CASE("resume loads the latest intact checkpoint, and reports the damaged ones after it") {
  const TemporaryFolder folder;
  Busy model, second, resumed;
  CHECK_FALSE(resume(resumed, folder / "nothing"));
  CHECK_FALSE(resume(resumed, folder.path()));
  model.fit(data(), Adam{}, options(3, Checkpoints(model, folder.path())));
  std::filesystem::resize_file(folder / name(12), 1000);
  const auto found = resume(resumed, folder.path());
  CHECK(found.path == folder / name(8));
  REQUIRE(found.damaged.size() == 1);
  CHECK(says(found.damaged[0], {name(12)}));
  CHECK(names(folder.path()) == std::vector<std::string>{name(4), name(8), name(12) + ".damaged"});
  resumed.fit(data(), Adam{}, options(3, Checkpoints(resumed, folder.path())));
  CHECK(bits(resumed) == bits(model));

  for (const int steps : {4, 8, 12}) std::filesystem::resize_file(folder / name(steps), 1000);
  const auto before = bits(second);
  CHECK(says(thrown<FileError>([&] { static_cast<void>(resume(second, folder.path())); }), {name(12)}));
  CHECK(bits(second) == before);
}

TEST_CASE("a training from the beginning is refused in a folder with later checkpoints") {
  const TemporaryFolder folder;
  Busy model, fresh;
  model.fit(data(), Adam{}, options(3, Checkpoints(model, folder.path())));
  const auto files = names(folder.path());
  const auto before = bits(fresh);
  CHECK(says(thrown<FileError>([&] { fresh.fit(data(), Adam{}, options(2, Checkpoints(fresh, folder.path()))); }),
             {folder.path(), "of a later step", "resume from it first"}));
  CHECK(bits(fresh) == before);
  CHECK(names(folder.path()) == files);
}

TEST_CASE("a training that continues from earlier epochs renames later checkpoints") {
  const TemporaryFolder folder;
  Busy model;
  model.fit(data(), Adam{}, options(2, Checkpoints(model, folder.path())));
  const CheckpointOptions every_step{.every_epochs = 0, .every_steps = 1, .keep = 2};
  FitOptions<float> failing = options(2, Checkpoints(model, folder.path(), every_step));
  failing.schedule = [](const ScheduleContext& c) { return c.step == 11 ? -1.0 : 1.0; };
  CHECK_THROWS_AS(model.fit(data(), Adam{}, failing), OptionError);
  CHECK(names(folder.path()) == std::vector<std::string>{name(10), name(11)});
  const CheckpointOptions every_9_steps{.every_epochs = 0, .every_steps = 9};
  model.fit(data(), Adam{.learning_rate = 1e-4}, options(1, Checkpoints(model, folder.path(), every_9_steps)));
  CHECK(names(folder.path()) == std::vector<std::string>{name(9), name(10) + ".abandoned", name(11) + ".abandoned"});
}

TEST_CASE("files with other names are not touched") {
  const TemporaryFolder folder;
  const std::string own = "checkpoint-before-finetuning.safetensors";
  std::ofstream(folder / own) << "mine";
  Busy model;
  model.fit(data(), Adam{}, options(3, Checkpoints(model, folder.path(), {.keep = 1})));
  CHECK(names(folder.path()) == std::vector<std::string>{name(12), own});
}

TEST_CASE("resume throws for a folder that cannot be read") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("loop", folder / "loop");
  Busy model;
  CHECK_THROWS_AS(static_cast<void>(resume(model, folder / "loop")), FileError);
}

TEST_CASE("Checkpoints refuses to observe the training of another model") {
  const TemporaryFolder folder;
  Busy model, other;
  bool trained = false;
  const Observers observers{[&](const EpochReport&) { trained = true; }, Checkpoints(other, folder.path())};
  CHECK_THROWS_AS(model.fit(data(), Adam{}, options(3, observers)), OptionError);
  CHECK_FALSE(trained);
  CHECK(names(folder.path()).empty());
}

TEST_CASE("temporary files of killed writers are removed, and nothing else") {
  const TemporaryFolder folder;
  for (const std::string& temporary : {name(4) + ".eigencoder-part0", name(8) + ".eigencoder-part3"})
    std::ofstream(folder / temporary) << "half a checkpoint";
  for (const char* own : {"notes.txt", "model.safetensors.eigencoder-part0"}) std::ofstream(folder / own) << "mine";
  Busy model;
  CHECK_FALSE(resume(model, folder.path()));
  CHECK(names(folder.path()) == std::vector<std::string>{"model.safetensors.eigencoder-part0", "notes.txt"});
}

TEST_CASE("a folder that cannot be created or written is an error before training") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "in the way";
  Busy model;
  CHECK(says(thrown<FileError>([&] { Checkpoints(model, folder / "file"); }), {folder / "file"}));
  std::filesystem::create_directory(folder / "closed");
  std::filesystem::permissions(folder / "closed", std::filesystem::perms::owner_read);
  std::ofstream probe(folder / "closed/x");
  if (!probe) CHECK_THROWS_AS(Checkpoints(model, folder / "closed"), FileError);  // root can write everywhere
  std::filesystem::permissions(folder / "closed", std::filesystem::perms::owner_all);
}

TEST_CASE("a folder that becomes unwritable ends training with an error") {
  const TemporaryFolder folder;
  Busy model;
  const auto replace_by_file = [&](const EpochReport&) {
    std::filesystem::remove_all(folder / "run");
    std::ofstream(folder / "run") << "in the way";
  };
  const Observers observers{replace_by_file, Checkpoints(model, folder / "run")};
  CHECK_THROWS_AS(model.fit(data(), Adam{}, options(3, observers)), ObserverError);
  CHECK(model.epochs().size() == 1);
}

namespace {
/// The error of a second training in the folder.
std::string second_training(const std::string& folder) {
  Busy second;
  const auto before = bits(second);
  const std::string error =
      thrown<FileError>([&] { second.fit(data(), Adam{}, options(1, Checkpoints(second, folder))); });
  CHECK(bits(second) == before);
  return error;
}
}  // namespace

TEST_CASE("only one training at a time writes into a folder, and it removes its lock") {
  const TemporaryFolder folder;
  Busy model;
  int refused = 0;
  bool locked = false;
  const auto try_second = [&](const EpochReport&) {
    refused += says(second_training(folder.path()), {"cannot write checkpoints into '" + folder.path() + "'",
                                                     "another training", "take another folder"});
    locked = std::filesystem::exists(folder / "eigencoder.lock");
  };
  const Observer watched = Observers{try_second, Checkpoints(model, folder.path())};
  model.fit(data(), Adam{}, options(2, watched));
  CHECK(refused == 2);
  CHECK(locked);
  CHECK(names(folder.path()) == std::vector<std::string>{name(4), name(8)});

  model.fit(data(), Adam{}, options(1, watched));  // the same observer in another training
  CHECK(refused == 3);
  FitOptions<float> failing = options(1, watched);
  failing.schedule = [](const ScheduleContext&) { return -1.0; };
  CHECK_THROWS_AS(model.fit(data(), Adam{}, failing), OptionError);
  Busy resumed;
  CHECK(resume(resumed, folder.path()).path == folder / name(12));
  resumed.fit(data(), Adam{}, options(2, Checkpoints(resumed, folder.path())));
  CHECK(names(folder.path()) == std::vector<std::string>{name(8), name(12), name(16)});
}

TEST_CASE("resume changes no file while another training writes into the folder") {
  const TemporaryFolder folder;
  const std::string damaged = folder / name(8);
  Busy model;
  const auto damage_and_resume = [&](const EpochReport& report) {
    if (report.epoch != 3) return;
    std::filesystem::resize_file(damaged, 1000);
    Busy other;
    const auto found = resume(other, folder.path());
    CHECK(found.path == folder / name(4));
    CHECK(found.damaged.size() == 1);
    CHECK(std::filesystem::exists(damaged));
  };
  model.fit(data(), Adam{}, options(3, Observers{damage_and_resume, Checkpoints(model, folder.path())}));
  CHECK(names(folder.path()) == std::vector<std::string>{name(4), name(8), name(12)});
}

TEST_CASE("if the lock cannot be taken, training is refused and resume renames nothing") {
  const TemporaryFolder folder;
  Busy model, other;
  model.fit(data(), Adam{}, options(2, Checkpoints(model, folder.path())));
  std::filesystem::resize_file(folder / name(8), 1000);
  std::filesystem::create_symlink("elsewhere", folder / "eigencoder.lock");  // a link is never opened
  const auto files = names(folder.path());
  CHECK(resume(other, folder.path()).path == folder / name(4));
  CHECK(names(folder.path()) == files);
  CHECK(says(thrown<FileError>([&] { other.fit(data(), Adam{}, options(2, Checkpoints(other, folder.path()))); }),
             {"cannot write checkpoints into '" + folder.path() + "'", "'eigencoder.lock' cannot be locked",
              std::strerror(ELOOP), "delete that file"}));
  CHECK(names(folder.path()) == files);
}

TEST_CASE("a training ends with an error if its folder is deleted and locked by another") {
  const TemporaryFolder folder;
  Busy model;
  struct LockFolder {
    std::string run;
    std::shared_ptr<detail::FolderLock> other;
    void operator()(const EpochReport& report) {
      if (report.epoch == 1) std::filesystem::remove_all(run);  // the next checkpoint is written into a new folder
      if (report.epoch != 2) return;
      std::filesystem::remove_all(run);
      std::filesystem::create_directory(run);
      other = std::make_shared<detail::FolderLock>(run);
      CHECK(other->take() == detail::Locking::held);
    }
  };
  const Observers observers{LockFolder{folder / "run", {}}, Checkpoints(model, folder / "run")};
  const std::string error = thrown<ObserverError>([&] { model.fit(data(), Adam{}, options(3, observers)); });
  CHECK(says(error, {"epoch 2", "another training"}));
  CHECK(names(folder / "run") == std::vector<std::string>{"eigencoder.lock"});
}

TEST_CASE("options outside their range are refused") {
  const Busy model;
  const auto refused = [&](const CheckpointOptions& wrong, const char* words) {
    CHECK(says(thrown<OptionError>([&] { Checkpoints(model, "unused", wrong); }), {words}));
  };
  refused({.every_epochs = 0}, "one of every_epochs");
  refused({.every_minutes = -1}, "at least 0");
  refused({.keep = 0}, "keep");
}

}  // namespace checkpoint_folder_test
