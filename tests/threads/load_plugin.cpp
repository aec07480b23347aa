// load_plugin <plugin>: loads it, trains, releases its threads and unloads it, again and again. Fails if a thread, the
// plugin or memory stays behind.
#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <thread>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

std::size_t threads() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

/// Whether there is one thread, at the latest after some seconds: the system counts a thread a little longer than `join`.
bool has_one_thread() {
  for (int i = 0; i < 5000 && threads() != 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return threads() == 1;
}

/// Bytes that are allocated, where they can be counted.
std::size_t allocated() {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
  return ::mallinfo2().uordblks;
#else
  return 0;
#endif
}

int fail(const char* what) {
  std::fprintf(stderr, "load_plugin: %s\n", what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail("usage: load_plugin <plugin>");
  const char* const path = argv[1];
  double first_loss = 0;
  std::size_t after_warm_up = 0;
  for (int round = 0; round < 10; ++round) {
    void* const plugin = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!plugin) return fail(::dlerror());
    const auto train = reinterpret_cast<double (*)()>(::dlsym(plugin, "plugin_train"));
    const auto release = reinterpret_cast<void (*)()>(::dlsym(plugin, "plugin_release"));
    if (!train || !release) return fail("the plugin lacks a function");
    const double loss = train();
    if (round == 0) first_loss = loss;
    if (!(loss > 0) || loss != first_loss) return fail("the plugin trains differently");
    if (threads() != 3) return fail("training used no threads of the library's");
    release();
    if (!has_one_thread()) return fail("a thread was not released");
    ::dlclose(plugin);
    if (::dlopen(path, RTLD_NOW | RTLD_NOLOAD)) return fail("the plugin was not unloaded");
    if (round == 2) after_warm_up = allocated();
  }
  // A model has 50 KB; which freed blocks the C library keeps may differ by less.
  if (allocated() > after_warm_up + 20000) return fail("memory leaks");
}
