// Every system call of a write fails in turn. The definitions here win over the system library's, which they call.
#undef _FORTIFY_SOURCE

#include "support/catch.hpp"

#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/serialization/checkpoint_files.hpp>

#include "support/temporary_folder.hpp"

#if defined(__GLIBC__)
#include <dlfcn.h>

#include <cstdarg>
#include <cstring>

namespace {

/// Which call fails: the n-th of this thread, with an `errno`, alone or with all later ones of its name.
struct Fault {
  int countdown = 0;  ///< 0: none
  int error = 0;      ///< 0: a short write, of one byte
  bool lasting = false;
  std::string hit;  ///< the name of the call that failed
};
thread_local Fault* fault = nullptr;

/// Whether this call fails; sets `errno` then.
bool fails(const char* name) {
  if (fault == nullptr) return false;
  const bool again = fault->lasting && fault->hit == name;
  if (!again && (fault->countdown == 0 || --fault->countdown > 0)) return false;
  fault->hit = name;
  errno = fault->error;
  return true;
}

template <class Function>
Function* real(const char* name, Function*) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define EIGENCODER_REAL(name) static const auto call = real(#name, &::name)

extern "C" {
int openat(int at, const char* path, int flags, ...) {
  EIGENCODER_REAL(openat);
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  const char* kind = (flags & O_CREAT) != 0 ? "create" : (flags & O_DIRECTORY) != 0 ? "open folder" : "open temporary";
  return fails(kind) ? -1 : call(at, path, flags, mode);
}
ssize_t write(int file, const void* from, size_t size) {
  EIGENCODER_REAL(write);
  if (!fails("write")) return call(file, from, size);
  return errno == 0 ? call(file, from, 1) : -1;
}
int fsync(int file) {
  EIGENCODER_REAL(fsync);
  struct stat which {};
  static const auto look = real("fstatat", &::fstatat);
  const bool folder = look(file, "", &which, AT_EMPTY_PATH) == 0 && S_ISDIR(which.st_mode);
  return fails(folder ? "fsync folder" : "fsync") ? -1 : call(file);
}
int close(int file) {
  EIGENCODER_REAL(close);
  const int result = call(file);  // a close that fails closes the file nevertheless
  return fails("close") ? -1 : result;
}
int renameat(int from_at, const char* from, int to_at, const char* to) noexcept {
  EIGENCODER_REAL(renameat);
  return fails("rename") ? -1 : call(from_at, from, to_at, to);
}
int fchmod(int file, mode_t mode) noexcept {
  EIGENCODER_REAL(fchmod);
  return fails("fchmod") ? -1 : call(file, mode);
}
int flock(int file, int operation) noexcept {
  EIGENCODER_REAL(flock);
  return fails("flock") ? -1 : call(file, operation);
}
int fstat(int file, struct stat* out) noexcept {
  EIGENCODER_REAL(fstat);
  return fails("fstat") ? -1 : call(file, out);
}
int lstat(const char* path, struct stat* out) noexcept {
  EIGENCODER_REAL(lstat);
  return fails("lstat") ? -1 : call(path, out);
}
int fstatat(int at, const char* path, struct stat* out, int flags) noexcept {
  EIGENCODER_REAL(fstatat);
  return fails("fstatat") ? -1 : call(at, path, out, flags);
}
int stat(const char* path, struct stat* out) noexcept {
  EIGENCODER_REAL(stat);
  return fails("stat") ? -1 : call(path, out);
}
ssize_t readlink(const char* path, char* out, size_t size) noexcept {
  EIGENCODER_REAL(readlink);
  return fails("readlink") ? -1 : call(path, out, size);
}
int unlink(const char* path) noexcept {
  EIGENCODER_REAL(unlink);
  return fails("unlink") ? -1 : call(path);
}
int unlinkat(int at, const char* path, int flags) noexcept {
  EIGENCODER_REAL(unlinkat);
  return fails("unlink temporary") ? -1 : call(at, path, flags);
}
}

using namespace eigencoder;
using namespace eigencoder::detail;

namespace {

using Bytes = std::vector<std::uint8_t>;
const Bytes before(3000, 1), after(5000, 2);

/// Writes `after` where `before` was, through a link, beside a stale temporary; the n-th call fails.
struct Outcome {
  std::string hit;    ///< the call that failed; empty: none, all have gone through
  bool threw, named;  ///< an error, and it says which file and why
  Bytes found;
  int entries;  ///< of the folder: the file and the link are two
};
Outcome write_with_fault(int n, int error, bool lasting, bool anew) {
  const TemporaryFolder folder;
  const std::string file = folder / "file", link = folder / "link";
  if (!anew) folder.put("file", before);
  std::filesystem::create_symlink("file", link);
  folder.put("file.eigencoder-part0", before);
  const std::span<const std::uint8_t> pieces[] = {std::span(after).first(2000), std::span(after).subspan(2000)};

  Fault next{n, error, lasting, ""};
  fault = &next;
  std::string message;
  try {
    write_file(link, pieces);
  } catch (const FileError& thrown) {
    message = thrown.what();
  }
  fault = nullptr;
  const bool named = message == "eigencoder: cannot write '" + link + "': " + std::strerror(error);
  int entries = folder.entries();
  if (std::filesystem::exists(folder / "file.eigencoder-part0") && bytes_of(folder / "file.eigencoder-part0") == before)
    --entries;  // the stale one could not be removed
  return {next.hit, !message.empty(), named, bytes_of(file), entries};
}

}  // namespace

TEST_CASE("whichever call of a write fails, the file is the old one or the new one, and the error says why") {
  for (const int error : {ENOSPC, EIO, EDQUOT, EACCES})
    for (const bool lasting : {false, true})
      for (const bool anew : {false, true}) {
        const Bytes old = anew ? Bytes() : before;
        std::vector<std::string> reported, silent;
        int n = 1;
        for (;; ++n) {
          const Outcome outcome = write_with_fault(n, error, lasting, anew);
          INFO(outcome.hit << " fails as call " << n << ": " << std::strerror(error));
          REQUIRE(outcome.found == (outcome.threw ? old : after));
          REQUIRE(outcome.named == outcome.threw);
          REQUIRE(outcome.entries == (anew && outcome.threw ? 1 : 2));
          if (outcome.hit.empty()) {
            REQUIRE_FALSE(outcome.threw);
            break;
          }
          (outcome.threw ? reported : silent).push_back(outcome.hit);
        }
        REQUIRE(n > 10);
        const auto holds = [](const std::vector<std::string>& list, const char* name) {
          return std::find(list.begin(), list.end(), name) != list.end();
        };
        // Errors are reported if the new contents may not be on the disk; others are ignored.
        for (const char* name : {"create", "write", "fsync", "fsync folder", "rename"}) CHECK(holds(reported, name));
        for (const char* name : {"create", "write", "fsync", "rename"}) CHECK_FALSE(holds(silent, name));
        CHECK(holds(reported, "fchmod") == !anew);
        CHECK_FALSE(holds(silent, "fchmod"));
        for (const char* name : {"close", "flock", "unlink", "open folder"}) CHECK_FALSE(holds(reported, name));
        CHECK(holds(silent, "close"));
        CHECK(holds(silent, "flock"));
      }
}

TEST_CASE("interrupted and short writes are continued") {
  for (const int error : {0, EINTR}) {
    int writes = 0, n = 1;
    for (;; ++n) {
      const Outcome outcome = write_with_fault(n, error, false, false);
      if (outcome.hit.empty()) break;
      const bool goes_on =
          outcome.hit == "write" || (error == EINTR && (outcome.hit == "create" || outcome.hit == "fsync"));
      if (goes_on) REQUIRE_FALSE(outcome.threw);
      if (goes_on) REQUIRE(outcome.found == after);
      writes += outcome.hit == "write";
    }
    CHECK(writes >= 2);
  }
}

TEST_CASE("a folder whose file system has no locks is not locked, and one that is locked stays so") {
  const TemporaryFolder folder;
  const auto taken = [&](int n, int error, bool lasting = true) {
    FolderLock lock(folder.path());
    Fault next{n, error, lasting, ""};
    fault = &next;
    const Locking answer = lock.take();
    fault = nullptr;
    return std::pair(answer, next.hit);
  };
  const std::pair create_fails(Locking::impossible, std::string("create")),
      none(Locking::impossible, std::string("flock"));
  CHECK(taken(1, EACCES) == create_fails);
  for (const int error : {ENOLCK, ENOTSUP, EINVAL}) CHECK(taken(2, error) == none);
  CHECK(folder.entries() == 0);
  CHECK(taken(2, EINTR, false) == std::pair(Locking::held, std::string("flock")));
  CHECK(folder.entries() == 0);
  CHECK(taken(2, EWOULDBLOCK) == std::pair(Locking::by_another, std::string("flock")));
  CHECK(folder.entries() == 1);
  CHECK(taken(0, 0).first == Locking::held);  // and releases it
  CHECK(folder.entries() == 0);
}

TEST_CASE("a lock file that cannot be opened or locked does not mean that there are no locks, and stays") {
  const TemporaryFolder folder;
  folder.put("eigencoder.lock", before);
  const auto taken = [&](int n, int error) {
    FolderLock lock(folder.path());
    Fault next{n, error, true, ""};
    fault = &next;
    const Locking answer = lock.take();
    const int reason = errno;
    fault = nullptr;
    CHECK(reason == error);
    CHECK(bytes_of(folder / "eigencoder.lock") == before);
    return std::pair(answer, next.hit);
  };
  // Calls: create, open, flock. A file system that locks only what is open to write answers EBADF.
  CHECK(taken(2, EACCES) == std::pair(Locking::unknown, std::string("open temporary")));
  for (const int error : {EBADF, ENOLCK, EIO})
    CHECK(taken(3, error) == std::pair(Locking::unknown, std::string("flock")));
  CHECK(taken(3, EOPNOTSUPP) == std::pair(Locking::impossible, std::string("flock")));
  std::filesystem::remove(folder / "eigencoder.lock");
  std::filesystem::create_symlink("elsewhere", folder / "eigencoder.lock");
  CHECK(FolderLock(folder.path()).take() == Locking::unknown);
  CHECK(std::filesystem::is_symlink(folder / "eigencoder.lock"));
}

#else

TEST_CASE("write faults are not tested here: they need glibc") { WARN("skipped"); }

#endif
