#include "support/catch.hpp"

#include <eigencoder/detail/files/file.hpp>

#include <cstring>
#include <thread>

#include "support/temporary_folder.hpp"

#ifdef EIGENCODER_HAS_POSIX
#include <sys/resource.h>
#include <sys/wait.h>

#include <climits>
#include <csignal>
#endif

using namespace eigencoder;
using namespace eigencoder::detail;

namespace file_test {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

Bytes filled(std::size_t size, int value) { return Bytes(size, static_cast<std::uint8_t>(value)); }

/// Whether a file is one writer's: all bytes the same, of the size that writer gives it.
bool of_one_writer(const Bytes& bytes) {
  return !bytes.empty() && bytes == filled(50'000 + 1000 * std::size_t{bytes[0]}, bytes[0]);
}
Bytes of_writer(int writer) { return filled(50'000 + 1000 * static_cast<std::size_t>(writer), writer); }

std::string error_of_writing(const std::string& path, const Bytes& bytes) {
  return message_of<FileError>([&] { write_file(path, bytes); });
}

bool says(const std::string& error, const std::string& path, int reason) {
  return error == "eigencoder: cannot write '" + path + "': " + std::strerror(reason);
}

}  // namespace

TEST_CASE("what is written is read, in one piece or several") {
  const TemporaryFolder folder;
  const Bytes a = filled(3, 1), b, c = filled(100'000, 2);
  write_file(folder / "one", a);
  CHECK(read_file(folder / "one") == a);
  const std::span<const std::uint8_t> pieces[] = {a, b, c};
  write_file(folder / "one", pieces);
  Bytes all = a;
  all.insert(all.end(), c.begin(), c.end());
  CHECK(read_file(folder / "one") == all);
  write_file(folder / "one", b);
  CHECK(read_file(folder / "one").empty());
  CHECK(folder.entries() == 1);
}

TEST_CASE("links stay links, and permissions are kept") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "inner");
  write_file(folder / "inner/file", filled(1, 1));
  fs::permissions(folder / "inner/file", fs::perms(0640));
  fs::create_symlink("inner/file", folder / "link");
  fs::create_symlink("link", folder / "second");
  fs::create_symlink("inner/to come", folder / "dangling");
  write_file(folder / "second", filled(2, 2));
  write_file(folder / "dangling", filled(3, 3));
  for (const char* name : {"link", "second", "dangling"}) CHECK(fs::is_symlink(folder / name));
  CHECK(read_file(folder / "inner/file") == filled(2, 2));
  CHECK(fs::status(folder / "inner/file").permissions() == fs::perms(0640));
  CHECK(read_file(folder / "inner/to come") == filled(3, 3));
  CHECK(folder.entries() == 4);

  fs::create_symlink("circle", folder / "circle");
  CHECK(says(error_of_writing(folder / "circle", {}), folder / "circle", ELOOP));
}

TEST_CASE("where nothing can be written, the error says why") {
  const TemporaryFolder folder;
  const auto says_why = [&](const std::string& path, int reason) {
    CHECK(says(error_of_writing(path, filled(1, 1)), path, reason));
  };
  says_why(folder / "no such folder/file", ENOENT);
  says_why(folder / std::string(300, 'n'), ENAMETOOLONG);
  write_file(folder / "file", filled(1, 1));
  says_why(folder / "file/inside", ENOTDIR);
  CHECK(error_of_writing(folder.path(), {}).find("it is a folder") != std::string::npos);
  CHECK_THROWS_AS(read_file(folder.path()), FileError);
  CHECK_THROWS_AS(read_file(folder / "nowhere"), FileError);
  CHECK(folder.entries() == 1);
}

TEST_CASE("every legal name can be written, also twice, and one byte more is an error without a file") {
  const TemporaryFolder folder;
  const auto repeated = [](std::string_view text, std::size_t bytes) {
    std::string all;
    while (all.size() + text.size() <= bytes) all += text;
    return all;
  };
  std::vector<std::string> names{"ends in a dot.", "ends in a blank ", " ", "...", ".eigencoder-part0", "\n",
                                 repeated("\xC3\xA4", 254), "x" + repeated("\xE4\xBA\x8C", 252), repeated("\x80", 255)};
  for (const std::size_t bytes : {63U, 64U, 65U, 238U, 239U, 246U, 255U}) names.push_back(repeated("n", bytes));
  int written = 0;
  for (const std::string& name : names) {
    CAPTURE(name);
    for (const int value : {1, 2}) write_file(folder / name, filled(9, value));
    CHECK(read_file(folder / name) == filled(9, 2));
    CHECK(folder.entries() == ++written);
  }
  CHECK(says(error_of_writing(folder / repeated("n", 256), filled(9, 1)), folder / repeated("n", 256), ENAMETOOLONG));
  CHECK(folder.entries() == written);
}

TEST_CASE("the stem of a temporary name is the file's name, or a beginning of it that ends between two characters") {
  CHECK(temporary_stem("model") == "model");
  CHECK(temporary_stem(std::string(64, 'n')) == std::string(64, 'n'));
  CHECK(temporary_stem(std::string(65, 'n')) == std::string(64, 'n'));
  CHECK(temporary_stem(std::string(63, 'n') + "\xC3\xA4") == std::string(63, 'n'));
  CHECK(temporary_stem(std::string(62, 'n') + "\xC3\xA4x") == std::string(62, 'n') + "\xC3\xA4");
  CHECK(stem_of_temporary(temporary_name("model", 12)) == "model");
}

TEST_CASE("threads that write one file each succeed, and none mixes with another") {
  const TemporaryFolder folder;
  const std::string path = folder / "shared";
  write_file(path, of_writer(0));
  std::vector<std::string> errors(4);
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w)
    writers.emplace_back([&, w] {
      for (int i = 0; i < 25; ++i) errors[static_cast<std::size_t>(w)] += error_of_writing(path, of_writer(w));
    });
  bool whole = true;
  for (int i = 0; i < 100; ++i) whole = whole && of_one_writer(read_file(path));
  for (std::thread& writer : writers) writer.join();
  CHECK(whole);
  for (const std::string& error : errors) CHECK(error == "");
  CHECK(of_one_writer(read_file(path)));
  CHECK(folder.entries() == 1);
}

#ifdef EIGENCODER_HAS_POSIX

TEST_CASE("devices and pipes are written directly") {
  if (fs::exists("/dev/full")) CHECK(says(error_of_writing("/dev/full", filled(9, 1)), "/dev/full", ENOSPC));
  if (fs::exists("/dev/null")) write_file("/dev/null", filled(9, 1));
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  Bytes got;
  std::thread reader([&] { got = bytes_of(pipe); });
  write_file(pipe, filled(200'000, 4));
  reader.join();
  CHECK(got == filled(200'000, 4));
  CHECK(fs::is_fifo(pipe));
  CHECK(folder.entries() == 1);
}

TEST_CASE("every path that the system takes can be written") {
  const TemporaryFolder folder;
  std::string path = folder.path() + '/' + std::string(200, 'd');
  constexpr std::size_t longest = PATH_MAX - 1;
  while (path.size() < longest - 203) path += '/' + std::string(200, 'd');
  fs::create_directories(path);
  path += '/' + std::string(longest - path.size() - 1, 'f');
  REQUIRE(path.size() == longest);
  {  // a stale temporary file, whose path is longer than the system takes
    const FolderDescriptor parent{fs::path(path).parent_path().string()};
    const std::string stale = temporary_name(temporary_stem(fs::path(path).filename().string()), 3);
    REQUIRE(open_descriptor(stale, O_WRONLY | O_CREAT, 0600, parent.at()));
  }
  for (const int value : {1, 2}) write_file(path, filled(9, value));
  CHECK(read_file(path) == filled(9, 2));
  CHECK(says(error_of_writing(path + 'f', filled(9, 1)), path + 'f', ENAMETOOLONG));
  fs::remove(path);
  CHECK(fs::is_empty(fs::path(path).parent_path()));
}

TEST_CASE("a folder that may be written but not read can be written into") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_write | fs::perms::owner_exec);
  write_file(folder / "file", filled(9, 1));  // root may read it all the same: write_faults.test.cpp has the rest
  fs::permissions(folder.path(), fs::perms::owner_all);
  CHECK(read_file(folder / "file") == filled(9, 1));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a full disk leaves the old file, and says so") {
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  write_file(path, filled(100, 1));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 65536;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string error = error_of_writing(path, filled(1'000'000, 2));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(says(error, path, EFBIG));
  CHECK(read_file(path) == filled(100, 1));
  CHECK(folder.entries() == 1);
}

TEST_CASE("only temporaries that nobody writes are removed") {
  const TemporaryFolder folder;
  const auto put = [&](const std::string& name) { return folder.put(name, filled(5, 5)); };
  put("model.eigencoder-part0");
  put("model.eigencoder-part17");
  put("other.eigencoder-part0");
  const std::string long_name(255, 'n');
  put(temporary_name(temporary_stem(long_name), 4));
  put(temporary_name(std::string(200, 'n'), 5));  // of a version that gave long names
  const std::string live = put("model.eigencoder-part3");
  const std::vector<std::string> kept{put("model.eigencoder-part"), put("model.eigencoder-part1a"), put("model.part0"),
                                      put(".eigencoder-part0"), put("amodel.eigencoder-part0")};
  TemporaryFile writer{open_descriptor(live, O_RDWR), live};
  REQUIRE(writer.file.lock());

  write_file(folder / "model", filled(9, 9));
  CHECK(fs::exists(folder / temporary_name(temporary_stem(long_name), 4)));
  write_file(folder / long_name, filled(9, 9));
  CHECK_FALSE(fs::exists(folder / temporary_name(temporary_stem(long_name), 4)));
  CHECK_FALSE(fs::exists(folder / temporary_name(std::string(200, 'n'), 5)));
  CHECK(read_file(folder / "model") == filled(9, 9));
  CHECK_FALSE(fs::exists(folder / "model.eigencoder-part0"));
  CHECK_FALSE(fs::exists(folder / "model.eigencoder-part17"));
  CHECK(fs::exists(live));
  CHECK(fs::exists(folder / "other.eigencoder-part0"));
  for (const std::string& path : kept) CHECK(fs::exists(path));

  const auto any = [](std::string_view) { return true; };
  CHECK(remove_stale_temporaries(folder.path(), [](std::string_view name) { return name == "other"; }) == 1);
  CHECK(remove_stale_temporaries(folder.path(), any) == 1);  // that of "amodel"
  CHECK(fs::exists(live));
  writer.file = Descriptor();  // its writer is gone
  CHECK(remove_stale_temporaries(folder.path(), any) == 1);
  CHECK_FALSE(fs::exists(live));
  CHECK(remove_stale_temporaries(folder / "nowhere", any) == 0);
}

TEST_CASE("processes killed while they write one file leave it whole, and nothing else for long") {
  const TemporaryFolder folder;
  const std::string path = folder / "shared";
  write_file(path, of_writer(0));
  bool whole = true;
  int failed = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<pid_t> writers;
    for (int w = 1; w <= 3; ++w) {
      const pid_t child = ::fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        const Bytes bytes = of_writer(w);
        bool good = true;
        for (int i = 0; good && i < (w == 1 ? 5 : 1'000'000); ++i) good = error_of_writing(path, bytes).empty();
        ::_exit(good ? 0 : 1);
      }
      writers.push_back(child);
    }
    ::usleep(static_cast<useconds_t>(1000 + 379 * round));
    whole = whole && of_one_writer(read_file(path));
    ::kill(writers[1], SIGKILL);
    ::kill(writers[2], SIGKILL);
    for (const pid_t writer : writers) {
      int status = 0;
      ::waitpid(writer, &status, 0);
      if (writer == writers[0] ? status != 0 : !WIFSIGNALED(status)) ++failed;
    }
    whole = whole && of_one_writer(read_file(path));
  }
  CHECK(whole);
  CHECK(failed == 0);
  write_file(path, of_writer(7));
  CHECK(read_file(path) == of_writer(7));
  CHECK(folder.entries() == 1);
}

#endif

}  // namespace file_test
