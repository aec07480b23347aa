#include "gappy_table.hpp"

#include <algorithm>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/datasets/table_csv.hpp>
#include <utility>
#include "column_notes.hpp"
#include "table.hpp"
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::TableColumn, eigencoder::TableCsvOptions;

namespace {

/// The named columns of which something can be learned; says which are left out.
eigencoder::Table usable_columns(eigencoder::Table read, GappyTable& table, const GappyFormat& format,
                                 const std::string& where) {
  eigencoder::Table kept;
  std::size_t number = 0;
  for (TableColumn& column : std::move(read).columns()) {
    ++number;
    const bool is_category = std::ranges::count(format.categories, column.name()) > 0;
    Index known = 0;
    for (Index j = 0; j < column.size(); ++j) known += column.is_missing(j) ? 0 : 1;
    if (const std::string doubt = is_category ? "" : doubt_about(column, format.decimal, where); !doubt.empty())
      table.notes.push_back(doubt);
    if (column.name().empty())
      table.notes.push_back("A column, the " + std::to_string(number) +
                            ". of those read, has no name and is left out.");
    else if (known == 0)
      table.notes.push_back("Column '" + column.name() + "' has no known cell and stays empty.");
    else if (!is_category && names_rows(column))
      table.notes.push_back("Column '" + column.name() + "' stays as it is: most of its words are those of one row.");
    else
      kept.add(std::move(column));
  }
  return kept;
}

std::vector<Index> rows_with_known_cells(const eigencoder::Table& table) {
  std::vector<Index> rows;
  for (Index j = 0; j < table.rows(); ++j)
    for (const TableColumn& column : table.columns())
      if (!column.is_missing(j)) {
        rows.push_back(j);
        break;
      }
  return rows;
}

}  // namespace

Index GappyTable::missing() const {
  Index count = 0;
  for (const TableColumn& column : cells.columns())
    for (Index j = 0; j < column.size(); ++j) count += column.is_missing(j) ? 1 : 0;
  return count;
}

GappyTable read_gappy_table(const std::string& option, const std::string& file, const GappyFormat& format) {
  const std::string where = option + ": '" + file + "': ";
  try {
    TableCsvOptions how{.separator = format.separator,
                        .decimal = format.decimal,
                        .words = format.categories,
                        .numbers = format.numbers,
                        .ignored = format.ignored};
    how.missing.insert(how.missing.end(), format.missing.begin(), format.missing.end());
    eigencoder::Table read = eigencoder::read_table(file, how);
    std::vector<std::string> names = format.ignored;
    for (const TableColumn& column : read.columns()) names.push_back(column.name());
    GappyTable table{
        .file = file,
        .texts = eigencoder::read_table(
            file,
            {.separator = format.separator, .decimal = format.decimal, .missing = {}, .words = std::move(names)})};
    for (const TableColumn& column : table.texts.columns())
      if (!is_utf8(column.name())) throw UsageError(where + "the name of column '" + column.name() + "' is not UTF-8");
    eigencoder::Table usable = usable_columns(std::move(read), table, format, where);
    if (usable.columns().size() < 2)
      throw UsageError(where + "two columns at least have to have names and known cells" +
                       separator_hint(file, format.separator));
    table.rows = rows_with_known_cells(usable);
    if (const Index empty = usable.rows() - static_cast<Index>(table.rows.size()); empty > 0)
      table.notes.push_back("Nothing is known of " + counted(empty, "row") + ", which stay as they are.");
    table.cells = take_rows(usable, table.rows);
    return table;
  } catch (const UsageError&) {
    throw;
  } catch (const eigencoder::Error& error) {
    throw UsageError(option + ": " + in_our_words(error.what()) + separator_hint(file, format.separator));
  }
}

}  // namespace examples
