// load_plugin <plugin>: loads it, trains, releases its threads and unloads it, again and again. Fails if a thread, the
// plugin or memory stays behind.
#include <dlfcn.h>

#include <cstdio>
#include <filesystem>
#include <iterator>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

std::size_t threads() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
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
    if (threads() != 1) return fail("a thread was not released");
    ::dlclose(plugin);
    if (::dlopen(path, RTLD_NOW | RTLD_NOLOAD)) return fail("the plugin was not unloaded");
    if (round == 2) after_warm_up = allocated();
  }
  if (allocated() > after_warm_up) return fail("memory leaks");
}
