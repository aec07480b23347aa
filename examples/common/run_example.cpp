#include "run_example.hpp"

#include <eigencoder/core/parallel.hpp>
#include <exception>
#include <iostream>
#include <string>

namespace examples {

int run_example(int argc, const char* const* argv, Options& options,
                const std::function<void(CommandLine&)>& add_options, const std::function<void()>& run) {
  const auto fail = [&](const std::exception& error, int code) {
    std::string line = options.program + ": " + error.what();
    for (char& c : line)
      if (c == '\n' || c == '\r') c = ' ';
    std::cout.flush();
    std::cerr << line << '\n';
    return code;
  };
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
    return fail(error, 2);
  } catch (const std::exception& error) {
    return fail(error, 1);
  }
}

}  // namespace examples
