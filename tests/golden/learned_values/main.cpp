// What the models here learn: the file that learned_values.test.cpp reads, or exact checksums, for one machine alone.
//
//   cmake --build build/release --target golden_learned_values
//   golden_learned_values tests/golden/data/learned_values.txt
//   golden_learned_values --bits
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iomanip>
#include <stdexcept>

#include "golden/learned_values/learned_values.hpp"

namespace {

using namespace golden;

void write_file(const std::string& path) {
  std::ofstream out(path);
  out << std::setprecision(17);
  for (const LearnedValues& learned : train_all<double>()) {
    out << learned.name;
    for (const Projections& part : {learned.parameters, learned.statistics})
      out << ' ' << part.count << ' ' << part.cosines << ' ' << part.double_cosines << ' ' << part.norm;
    out << ' ' << learned.loss << '\n';
  }
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

template <class Scalar>
void print_checksums(const char* scalar) {
  for (const LearnedValues& learned : train_all<Scalar>())
    std::printf("%s %s %016llx\n", learned.name.c_str(), scalar, static_cast<unsigned long long>(learned.checksum));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: golden_learned_values <file> | --bits\n", stderr);
    return EXIT_FAILURE;
  }
  try {
    if (std::strcmp(arguments[1], "--bits") != 0) return write_file(arguments[1]), EXIT_SUCCESS;
    print_checksums<float>("float");
    print_checksums<double>("double");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "golden_learned_values: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
