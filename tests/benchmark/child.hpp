#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace benchmark {

/// What `run` returns in a process of its own, which ends with it.
template <class Run>
double in_child(const Run& run) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) throw std::runtime_error("no pipe to a child process");
  std::fflush(nullptr);  // or the child would print it again
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    int failed = 1;
    try {
      const double result = run();
      failed = write(pipe_ends[1], &result, sizeof result) == sizeof result ? 0 : 1;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "benchmark: %s\n", error.what());
    }
    _exit(failed);
  }
  close(pipe_ends[1]);
  double result = 0;
  const bool has_result = read(pipe_ends[0], &result, sizeof result) == sizeof result;
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!has_result || status != 0) throw std::runtime_error("a child process failed");
  return result;
}

}  // namespace benchmark
