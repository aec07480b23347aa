#include "mixed_table.hpp"

#include <array>
#include <bitset>
#include <cmath>
#include <common/formatted.hpp>
#include <cstddef>
#include <eigencoder/extend/random.hpp>

namespace examples {

using eigencoder::Index, eigencoder::Random;

namespace {

constexpr const char* header = "model,region,kind,fuel,weight,power,distance,hours,energy,temperature";
enum Column { model, region, kind, fuel, weight, power, distance, hours, energy, temperature, columns };
using Cells = std::bitset<columns>;

constexpr std::uint32_t models = 40, regions = 12, kinds = 5, fuels = 2;
constexpr const char* makes[] = {"Aster", "Birch", "Cedar", "Dahlia", "Elder", "Fern", "Ginkgo", "Hazel"};  // of 5 each
constexpr const char* region_words[regions] = {"Arden",    "Brack",   "Corran", "Dunmore", "Eskdale", "Fallow",
                                               "Glenmore", "Harwick", "Inver",  "Jarrow",  "Kelso",   "Lorne"};
constexpr const char* kind_words[kinds] = {"mini", "compact", "estate", "van", "bus"};
constexpr const char* fuel_words[fuels] = {"diesel", "electric"};
constexpr double kind_weight[kinds] = {900, 1300, 1700, 2600, 7000}, kind_speed[kinds] = {38, 55, 70, 50, 30};

/// Numbers are kept by their columns; those of categories are indices of words.
using Row = std::array<double, columns>;

std::uint32_t kind_of(std::uint32_t of_model) { return of_model % kinds; }
std::uint32_t fuel_of(std::uint32_t of_model) { return of_model / kinds % fuels; }
double climate(double of_region) { return -8 + 3 * of_region; }

/// A model; the first ones are five times as frequent as the last ones.
std::uint32_t draw_model(Random& random) {
  for (;;) {
    const std::uint32_t drawn = random.below(models);
    if (random.uniform() * (1 + drawn / 10.0) < 1) return drawn;
  }
}

Row draw_row(Random& random) {
  const auto about = [&](double value, double part) { return value * (1 + part * random.normal()); };
  const std::uint32_t drawn = draw_model(random), variant = drawn / (kinds * fuels);
  const std::size_t of_kind = kind_of(drawn);
  Row row{};
  row[model] = drawn;
  row[region] = random.below(regions);
  row[kind] = kind_of(drawn);
  row[fuel] = fuel_of(drawn);
  row[weight] = about(kind_weight[of_kind] * (0.8 + 0.15 * variant + 0.06 * row[fuel]), 0.015);
  row[power] = about(row[weight] * (row[fuel] > 0 ? 0.075 : 0.05) * (1.2 - 0.1 * variant), 0.03);
  row[distance] = std::exp(4 + 0.6 * random.normal());
  row[hours] = about(row[distance] / kind_speed[of_kind], 0.05);
  row[temperature] = climate(row[region]) + 1.5 * random.normal();
  const double cold = 1 + 0.01 * (25 - row[temperature]);
  row[energy] = about(row[distance] * std::pow(row[weight], 0.7) * (row[fuel] > 0 ? 0.0012 : 0.004) * cold, 0.04);
  return row;
}

/// Draws other rows until one has a value that cannot be in this row, and returns it.
template <class Impossible>
double foreign_value(Column column, Random& random, const Impossible& impossible) {
  for (;;) {
    const Row other = draw_row(random);
    if (impossible(other)) return other[column];
  }
}

/// Brings in one of six faults, and returns the cells that contradict each other.
Cells break_row(Row& row, Random& random) {
  constexpr double apart = 1.8, degrees = 12;  // far beyond what normal rows have
  const auto cells = [](std::initializer_list<Column> listed) {
    Cells set;
    for (const Column column : listed) set.set(column);
    return set;
  };
  const auto far = [&](Column column) {
    return
        [&row, column](const Row& other) { return std::abs(std::log(other[column] / row[column])) > std::log(apart); };
  };
  const auto differs = [&](Column column) {
    return [&row, column](const Row& other) { return other[column] != row[column]; };
  };
  switch (random.below(6)) {
    case 0:
      row[fuel] = foreign_value(fuel, random, differs(fuel));
      return cells({model, fuel});
    case 1:
      row[kind] = foreign_value(kind, random, differs(kind));
      return cells({model, kind});
    case 2:
      row[model] = foreign_value(model, random, differs(kind));
      return cells({model, kind});
    case 3:
      row[region] = foreign_value(region, random, [&](const Row& other) {
        return std::abs(climate(other[region]) - row[temperature]) > degrees;
      });
      return cells({region, temperature});
    case 4:
      row[hours] = foreign_value(hours, random, far(hours));
      return cells({kind, distance, hours});
    default:
      row[energy] = foreign_value(energy, random, far(energy));
      return cells({weight, fuel, distance, energy});
  }
}

std::string cell_text(const Row& row, Column column) {
  const double value = row[column];
  const auto word = static_cast<std::size_t>(value);
  switch (column) {
    case model:
      return makes[word / kinds] + std::string(" ") + std::to_string(word % kinds + 1);
    case region:
      return region_words[word];
    case kind:
      return kind_words[word];
    case fuel:
      return fuel_words[word];
    case weight:
      return formatted("%.0f", value);
    case hours:
      return formatted("%.3f", value);
    case energy:
      return formatted("%.2f", value);
    default:
      return formatted("%.1f", value);
  }
}

}  // namespace

std::string mixed_table(Index rows, std::uint64_t seed, double gaps, double anomalies) {
  std::string text = header;
  text += anomalies > 0 ? ",state\n" : "\n";
  for (Index j = 0; j < rows; ++j) {
    const auto draws = [&](std::uint32_t of) {
      return Random(seed, eigencoder::Purpose::user, 4, of, static_cast<std::uint32_t>(j));
    };
    Random of_values = draws(0), of_fault = draws(1), of_gaps = draws(2);
    Row row = draw_row(of_values);
    const bool fault = of_fault.bernoulli(anomalies);
    const Cells told = fault ? break_row(row, of_fault) : Cells{};
    Cells known;
    for (std::size_t i = 0; i < columns; ++i) known[i] = !of_gaps.bernoulli(gaps) || told[i];
    if (known.none()) known.set(of_gaps.below(columns));
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) text += ",";
      if (known[i]) text += cell_text(row, static_cast<Column>(i));
    }
    if (anomalies > 0) text += fault ? ",fault" : ",normal";
    text += "\n";
  }
  return text;
}

}  // namespace examples
