#include "run_example.hpp"

#include <cstdio>
#include <eigencoder/extend/threads.hpp>
#include <exception>
#include <iostream>
#include <new>
#include <string>

namespace examples {

int run_example(int argc, const char* const* argv, Options& options,
                const std::function<void(CommandLine&)>& add_options, const std::function<void()>& run) {
  const auto fail = [&](const char* message, int code) {
    std::cout.flush();
    std::cerr << options.program << ": " << one_line(message) << '\n';
    return code;
  };
  // A line reaches a pipe or a file when it is made, not when a buffer is full.
#ifdef _WIN32  // where _IOLBF is full buffering
  std::setvbuf(stdout, nullptr, _IONBF, 0);
#else
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
#endif
  try {
    CommandLine line(options);
    add_options(line);
    if (line.read(argc, argv)) {
      eigencoder::set_threads(options.threads);
      run();
    }
    if (!std::cout.flush()) throw eigencoder::FileError("the standard output cannot be written");
    return 0;
  } catch (const eigencoder::OptionError& error) {
    return fail(error.what(), 2);
  } catch (const eigencoder::CompositionError& error) {  // sizes that the options ask for make no model
    return fail(error.what(), 2);
  } catch (const std::bad_alloc&) {
    return fail("the memory does not suffice for such options: a smaller model, image or batch needs less", 2);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}

int run_example(int argc, const char* const* argv, const Program& program,
                const std::function<void(CommandLine&)>& add_options,
                const std::function<void(const Options&)>& run) {
  Options options{.program = program.name, .about = program.about, .epochs = 0, .batch_size = 0};
  return run_example(argc, argv, options, add_options, [&] { run(options); });
}

}  // namespace examples
