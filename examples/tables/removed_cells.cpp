#include "removed_cells.hpp"

#include <algorithm>
#include <eigencoder/extend/random.hpp>
#include <numeric>
#include <span>
#include "table.hpp"

namespace examples {

using eigencoder::Index, eigencoder::Random, eigencoder::TableColumn;

namespace {

constexpr std::uint32_t row_stream = 10, cell_stream = 11;  // of random numbers

/// So many rows, drawn, ascending.
std::vector<Index> drawn_rows(Index rows, Index count, std::uint64_t seed) {
  std::vector<Index> indices(static_cast<std::size_t>(rows));
  std::iota(indices.begin(), indices.end(), Index{0});
  if (rows <= count) return indices;
  Random random(seed, eigencoder::Purpose::user, row_stream);
  eigencoder::shuffle(std::span<Index>(indices), random);
  indices.resize(static_cast<std::size_t>(count));
  std::sort(indices.begin(), indices.end());
  return indices;
}

/// @param column  of this table, or of a copy
void clear(eigencoder::Table& table, const TableColumn& column, Index row) {
  const auto j = static_cast<std::size_t>(row);
  if (column.holds_numbers())
    table.numbers(column.name())[j] = eigencoder::missing_number;
  else
    table.words(column.name())[j].clear();
}

}  // namespace

RemovedCells remove_cells(const eigencoder::Table& table, double share, std::uint64_t seed, Index max_rows) {
  const std::vector<TableColumn>& columns = table.columns();
  RemovedCells removed{.table = table};
  std::vector<Index> known_in_column(columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k)
    for (Index j = 0; j < table.rows(); ++j) known_in_column[k] += columns[k].is_missing(j) ? 0 : 1;
  for (const Index j : drawn_rows(table.rows(), max_rows, seed)) {
    Random random(seed, eigencoder::Purpose::user, cell_stream, 0, static_cast<std::uint32_t>(j));
    Index known = 0;
    for (const TableColumn& column : columns) known += column.is_missing(j) ? 0 : 1;
    const std::size_t before = removed.cells.size();
    // From a column drawn on, so that the last known cell of a row may be any.
    const std::size_t first = random.below(static_cast<std::uint32_t>(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t k = (first + i) % columns.size();
      if (columns[k].is_missing(j) || !random.bernoulli(share) || known == 1 || known_in_column[k] <= 2) continue;
      clear(removed.table, columns[k], j);
      removed.cells.push_back({k, static_cast<Index>(removed.rows.size())});
      --known;
      --known_in_column[k];
    }
    if (removed.cells.size() > before) removed.rows.push_back(j);
  }
  removed.truth = take_rows(table, removed.rows);
  return removed;
}

}  // namespace examples
