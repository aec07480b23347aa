#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/data/table.hpp>
#include <eigencoder/extend/types.hpp>
#include <vector>

namespace examples {

/// Where a cell was removed.
struct RemovedCell {
  std::size_t column;
  eigencoder::Index row;
};

/// A table without some of its known cells, by which the filling of gaps is judged.
struct RemovedCells {
  eigencoder::Table table;                   ///< what is left
  std::vector<eigencoder::Index> rows = {};  ///< of which cells were removed, ascending
  eigencoder::Table truth = {};              ///< these rows before
  std::vector<RemovedCell> cells = {};       ///< the removed ones; their rows are those of `truth`
};

/// Removes each known cell with a probability, drawn by the seed. Of each row one known cell at least is left, and of
/// each column two; of a table of more than `max_rows` rows, cells of so many alone are removed, drawn too.
RemovedCells remove_cells(const eigencoder::Table& table, double share, std::uint64_t seed,
                          eigencoder::Index max_rows = 50000);

}  // namespace examples
