#pragma once

#include <eigencoder/data/source.hpp>
#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/detail/tables/table_code.hpp>
#include <eigencoder/detail/tables/table_encoder_access.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <utility>

namespace eigencoder {

/// The samples of a table that is read some rows at a time (a `SequentialSource`), with the values that
/// `TableEncoder::transform` gives:
///
///     CsvTableSource rows("all_of_it.csv");
///     const TableEncoder encoder(rows);
///     Stream stream{EncodedTable{std::move(rows), encoder}};
///
/// Errors name the row in the whole table.
template <TableSource Source, class Scalar = float>
class EncodedTable {
 public:
  /// The rows of `source`, from its first one on.
  EncodedTable(Source source, TableEncoder encoder) : source_(std::move(source)), encoder_(std::move(encoder)) {
    source_.rewind();
  }

  /// As every `SequentialSource`.
  ///@{
  Index size() const { return source_.size(); }
  Index rows() const { return encoder_.value_count(); }
  std::string name() const
    requires NamedSource<Source>
  {
    return source_.name();
  }
  Index next(Scalar* out, Index count) {
    const Table part = source_.next(count);
    if (part.rows() == 0) return 0;
    detail::RowEncoder<Scalar>(detail::TableEncoderAccess::code(encoder_), part, next_).write(out);
    next_ += part.rows();
    return part.rows();
  }
  void rewind() {
    source_.rewind();
    next_ = 0;
  }
  ///@}

 private:
  Source source_;
  TableEncoder encoder_;
  Index next_ = 0;  // the row that is read next
};

}  // namespace eigencoder
