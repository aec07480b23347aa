#include <algorithm>
#include <cstdio>
#include <common/images.hpp>
#include <common/options.hpp>
#include <common/run_example.hpp>
#include <cstdlib>
#include <eigencoder/image/picture.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

using examples::CommandLine;
using examples::Options;

namespace {

/// What went to a stream while this lived.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() { stream_.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

struct Outcome {
  int code = 0;
  bool ran = false;
  Options options;
  bool classic = false;
  std::string kind = "plain";
  eigencoder::Index code_size = 32;
  std::string out;
  std::string err;
};

/// Runs an example called "demo" with two options of its own.
template <class Run>
Outcome run(const std::vector<std::string>& arguments, Run&& body) {
  const TemporaryFolder folder;
  Outcome outcome;
  outcome.options.program = "demo";
  outcome.options.out = folder / "out";
  std::vector<const char*> argv = {"/some/where/demo"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const Captured out(std::cout), err(std::cerr);
  outcome.code = examples::run_example(
      static_cast<int>(argv.size()), argv.data(), outcome.options,
      [&](CommandLine& line) {
        line.flag("--classic", outcome.classic, "The classic experiment");
        line.choice("--kind", outcome.kind, {"plain", "tied", "deep"}, "How it is built");
        line.whole("--code-size", outcome.code_size, 1, "Values in a code");
      },
      [&] {
        outcome.ran = true;
        body(outcome.options);
      });
  outcome.out = out.text();
  outcome.err = err.text();
  return outcome;
}

Outcome run(const std::vector<std::string>& arguments) {
  return run(arguments, [](const Options&) {});
}

bool is_one_line_of(const std::string& program, const std::string& text) {
  return text.starts_with(program + ": ") && std::count(text.begin(), text.end(), '\n') == 1 &&
         text.back() == '\n';
}

}  // namespace

TEST_CASE("options keep a program's defaults where nothing is given") {
  const Outcome outcome = run({});
  CHECK(outcome.code == 0);
  CHECK(outcome.ran);
  CHECK(outcome.options.epochs == Options{}.epochs);
  CHECK(outcome.options.seed == Options{}.seed);
  CHECK_FALSE(outcome.options.quick);
  CHECK(outcome.err.empty());
}

TEST_CASE("options are read from the command line") {
  const Outcome outcome =
      run({"--epochs", "010", "--batch-size=7", "--seed", "18446744073709551615", "--threads", "2",
           "--seconds", "0.5", "--images", "a b", "--classic", "--code-size", "9", "--kind", "deep"});
  CHECK(outcome.code == 0);
  CHECK(outcome.options.epochs == 10);
  CHECK(outcome.options.batch_size == 7);
  CHECK(outcome.options.seed == 18446744073709551615U);
  CHECK(outcome.options.threads == 2);
  CHECK(outcome.options.seconds == 0.5);
  CHECK(outcome.options.images == "a b");
  CHECK(outcome.classic);
  CHECK(outcome.kind == "deep");
  CHECK(outcome.code_size == 9);
}

TEST_CASE("a quick run has few epochs, unless they are given") {
  CHECK(run({"--quick"}).options.epochs == Options::quick_epochs);
  CHECK(run({"--quick", "--epochs", "9"}).options.epochs == 9);
}

TEST_CASE("a bad option is one line on the error output and exit code 2") {
  const std::vector<std::vector<std::string>> bad = {{"--bogus"},
                                                     {"extra"},
                                                     {"--epochs"},
                                                     {"--epochs", "0"},
                                                     {"--epochs", "-5"},
                                                     {"--epochs", "1.5"},
                                                     {"--epochs", "3x"},
                                                     {"--epochs", "99999999999999999999"},
                                                     {"--epochs", ""},
                                                     {"--seed", "-1"},
                                                     {"--seconds", "nan"},
                                                     {"--seconds", "inf"},
                                                     {"--seconds", "-1"},
                                                     {"--threads", "-1"},
                                                     {"--images="},
                                                     {"--batch-size", "-3"},
                                                     {"--quick=3"},
                                                     {"--code-size", "0"},
                                                     {"--kind"},
                                                     {"--kind", "Deep"},
                                                     {"--kind", "de"},
                                                     {"--seed", "18446744073709551616"}};
  for (const auto& arguments : bad) {
    CAPTURE(arguments);
    const Outcome outcome = run(arguments);
    CHECK(outcome.code == 2);
    CHECK_FALSE(outcome.ran);
    CHECK(is_one_line_of("demo", outcome.err));
    CHECK(outcome.err.find(arguments[0].substr(2, 4)) != std::string::npos);  // it names the option
  }
}

TEST_CASE("a program may add texts and lists of them, and take back what it does not have") {
  Options options{.program = "demo", .about = "A demonstration"};
  const TemporaryFolder folder;
  options.out = folder / "out";
  CommandLine line(options);
  std::string file = "none";
  std::vector<std::string> ignored;
  line.text("--csv", file, "FILE", "A table");
  line.texts("--ignore", ignored, "COLUMN", "Left out");
  for (const char* name : {"--images", "--epochs"}) line.remove(name);
  const auto read = [&](std::vector<const char*> argv) {
    argv.insert(argv.begin(), "demo");
    return line.read(static_cast<int>(argv.size()), argv.data());
  };
  CHECK(read({"--csv", "a b.csv", "--ignore", "x", "--ignore", "y z", "--quick"}));
  CHECK(file == "a b.csv");
  CHECK(ignored == std::vector<std::string>{"x", "y z"});
  CHECK(line.given("--csv"));
  CHECK_FALSE(line.given("--seed"));
  CHECK_THROWS_AS(read({"--images", "x"}), examples::UsageError);
  CHECK_THROWS_AS(read({"--csv="}), examples::UsageError);
  CHECK_THROWS_AS(read({"--ignore="}), examples::UsageError);
}

TEST_CASE("help names every option with its default, and succeeds") {
  const Outcome outcome = run({"--help"});
  CHECK(outcome.code == 0);
  CHECK_FALSE(outcome.ran);
  CHECK(outcome.err.empty());
  const auto line_of = [&](const std::string& name) {  // from the name on; empty where it is not listed
    const std::size_t at = outcome.out.find("  " + name + " ");
    return at == std::string::npos ? std::string{} : outcome.out.substr(at, outcome.out.find('\n', at) - at);
  };
  for (const char* name : {"--images", "--out", "--quick", "--classic"}) CHECK_FALSE(line_of(name).empty());
  const std::pair<const char*, const char*> defaults[] = {{"--epochs", "50"}, {"--batch-size", "32"},
                                                          {"--seed", "1"},    {"--threads", "0"},
                                                          {"--seconds", "0"}, {"--code-size", "32"}};
  for (const auto& [name, value] : defaults) CHECK(line_of(name).find(value) != std::string::npos);
  CHECK(line_of("--kind").find("plain, tied or deep") != std::string::npos);  // what may be given
}

TEST_CASE("a word that is no choice is answered with those that are") {
  CHECK(run({"--kind", "flat"}).err.find("plain, tied or deep") != std::string::npos);
}

#if __has_include(<unistd.h>)
TEST_CASE("a line on the standard output is there when it is made, also in a pipe") {
  std::fflush(stdout);
  const int before = ::dup(1);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::dup2(ends[1], 1);
  std::setvbuf(stdout, nullptr, _IOFBF, BUFSIZ);  // as where a program is started with its output in a pipe
  std::string seen;
  run({}, [&](const Options&) {
    std::printf("one of %d lines\n", 2);
    std::printf("and half a");
    char text[64];
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    const auto size = ::read(ends[0], text, sizeof text);
    if (size > 0) seen.assign(text, static_cast<std::size_t>(size));
  });
  std::fflush(stdout);
  ::dup2(before, 1);
  for (const int end : {before, ends[0], ends[1]}) ::close(end);
  CHECK(seen == "one of 2 lines\n");
}
#endif

TEST_CASE("a folder of results that cannot be made is a bad option, seen before the run") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "in the way";
  const Outcome outcome = run({"--out", folder / "file"});
  CHECK(outcome.code == 2);
  CHECK_FALSE(outcome.ran);
  CHECK(is_one_line_of("demo", outcome.err));
}

TEST_CASE("the folder of results is made and left empty") {
  const TemporaryFolder folder;
  CHECK(run({"--out", folder / "a/b"}).code == 0);
  CHECK(std::filesystem::is_directory(folder / "a/b"));
  CHECK(std::filesystem::is_empty(folder / "a/b"));
}

TEST_CASE("what a program throws becomes one line and an exit code") {
  const Outcome usage = run({}, [](const Options&) { throw examples::UsageError("no\nsuch folder"); });
  CHECK(usage.code == 2);
  CHECK(usage.err == "demo: no such folder\n");
  const Outcome data = run({}, [](const Options&) { throw eigencoder::DataError("bad data"); });
  CHECK(data.code == 1);
  CHECK(data.err == "demo: bad data\n");
  const Outcome other = run({}, [](const Options&) { throw std::runtime_error("else"); });
  CHECK(other.code == 1);
  CHECK(other.err == "demo: else\n");
  const Outcome library = run({}, [](const Options&) { throw eigencoder::FileError("eigencoder: no '\x1B\t'"); });
  CHECK(library.err == "demo: no '  '\n");
  const Outcome sizes = run({}, [](const Options&) { throw eigencoder::CompositionError("too large"); });
  CHECK(sizes.code == 2);
  const Outcome memory = run({}, [](const Options&) { throw std::bad_alloc(); });
  CHECK(memory.code == 2);
  CHECK(is_one_line_of("demo", memory.err));
}

TEST_CASE("images come from the named folder or the data folder, or are drawn") {
  const TemporaryFolder folder;
  const auto load = [](const Options& options) { examples::load_images(options); };
  CHECK(run({"--images", folder / "none"}, load).code == 2);
  std::filesystem::create_directory(folder / "pokemon");
  CHECK(run({"--images", folder / "pokemon"}, load).code == 2);  // no image in it
  std::ofstream(folder / "pokemon/broken.png") << "not an image";
  CHECK(run({"--images", folder / "pokemon"}, load).code == 2);

  setenv("EIGENCODER_DATA", (folder / "").c_str(), 1);
  CHECK(run({}, load).code == 2);
  setenv("EIGENCODER_DATA", (folder / "none").c_str(), 1);
  const Outcome drawn = run({"--quick"}, load);
  unsetenv("EIGENCODER_DATA");
  CHECK(drawn.code == 0);
  const std::string creatures = "Images: 120 of 40x40x3, creatures drawn by this program";
  CHECK(drawn.out == creatures + ", as $EIGENCODER_DATA has no folder 'pokemon'\n");
  CHECK(run({"--quick"}, load).out == creatures + "\n");
  CHECK(run({"--quick", "--seed", "5"}, load).out == creatures + "\n");
}

TEST_CASE("a folder of too few images that can be read is refused in one line, damaged ones are named and left out") {
  const TemporaryFolder folder;
  const auto load = [](const Options& options) { examples::load_images(options, 4, 4); };
  const auto load_one = [](const Options& options) { examples::load_images(options, 4, 4, 1); };
  const auto add = [&](const std::string& name) {
    eigencoder::write_png(folder / name, {1, 1, {10, 20, 30}});
  };
  std::ofstream(folder / "a\nb.png") << "not an image";
  add("1.png");
  add("2.png");
  const Outcome few = run({"--images", folder / ""}, load);
  CHECK(few.code == 2);
  CHECK(is_one_line_of("demo", few.err));
  for (const char* part : {"--images", "holds 2 images that can be read", "at least 3", "a b.png"})
    CHECK(few.err.find(part) != std::string::npos);
  CHECK(run({"--images", folder / ""}, load_one).code == 0);
  add("3.png");
  const Outcome enough = run({"--images", folder / ""}, load);
  CHECK(enough.code == 0);
  CHECK(enough.out == "Images: 3 of 4x4x3, from " + (folder / "") + " (1 more cannot be read)\n");
  CHECK(is_one_line_of("demo", enough.err));  // which names the file that was left out
  CHECK(enough.err.find("a b.png") != std::string::npos);
  CHECK(run({"--images", folder / "", "--quick"}, load).out == enough.out);
}
