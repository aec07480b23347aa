#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <string>

namespace examples {

/// A table to show how the program works, as the text of a CSV file: readings of a pump, of which each depends on the
/// others, and a column `state`, `ok` or `fault`. About one row in twenty is a fault: a leak, a blocked pipe, a worn
/// bearing or a stuck sensor. A faulty row's values are ones that other rows have too, and only together odd.
std::string drawn_table(eigencoder::Index rows, std::uint64_t seed);

}  // namespace examples
