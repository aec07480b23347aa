#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <string>

namespace examples {

/// A table of numbers and words with gaps, as the text of a CSV file: trips of vehicles. It has four categories (model
/// with 40 words, region with 12, kind with 5 and fuel with 2) and six numbers (weight, power, distance, hours, energy
/// and temperature), which depend on each other: the model has one kind and one fuel, a weight and a power; the kind
/// has a speed, so hours go with the distance; energy goes with distance, weight, fuel and cold; the region has a
/// climate.
///
/// Where `anomalies` is above 0, a last column `state` is "fault" for about that share of the rows, else "normal". Of a
/// fault one value is that of another row, and cannot be beside the others: a fuel or a kind that the model does not
/// have, a model of another kind, a region of another climate, hours or energy for another trip. Each value alone is
/// common.
///
/// @param gaps  the probability that a cell is empty, but for those that make a fault. The other cells do not depend on
///              it: with 0 the table is the truth about the one with gaps.
std::string mixed_table(eigencoder::Index rows, std::uint64_t seed, double gaps, double anomalies);

}  // namespace examples
