// stopwatch <name> <command>...   runs the command three times; prints its best seconds and peak megabytes
// stopwatch --ratio               prints the last name's figures over the first's
// The figures are kept in stopwatch.txt of the current folder until the ratio has been printed.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

struct Cost {
  std::string name;
  double seconds = 0;
  double megabytes = 0;
};

static Cost run(const char* name, char** command) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) return {name, -1, 0};
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {name, took.count(), static_cast<double>(usage.ru_maxrss) / 1024};
}

static int print_ratio() {
  std::vector<Cost> costs;
  std::ifstream file("stopwatch.txt");
  for (Cost cost; file >> cost.name >> cost.seconds >> cost.megabytes;) costs.push_back(cost);
  std::remove("stopwatch.txt");
  if (costs.size() < 2) return 1;
  const Cost& base = costs.front();
  const Cost& unit = costs.back();
  std::cout << unit.name << " / " << base.name << ": " << unit.seconds / base.seconds << " times the seconds, "
            << unit.megabytes / base.megabytes << " times the megabytes\n";
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 2 && argv[1] == std::string("--ratio")) return print_ratio();
  if (argc < 3) return 2;
  Cost best = run(argv[1], argv + 2);
  for (int i = 1; i < 3 && best.seconds >= 0; ++i) {
    const Cost again = run(argv[1], argv + 2);
    best.seconds = std::min(best.seconds, again.seconds);
    best.megabytes = std::max(best.megabytes, again.megabytes);
  }
  if (best.seconds < 0) return 1;
  std::cout << best.name << ": " << best.seconds << " s, " << best.megabytes << " MB\n";
  std::ofstream("stopwatch.txt", std::ios::app)
      << best.name << ' ' << best.seconds << ' ' << best.megabytes << '\n';
  return 0;
}
