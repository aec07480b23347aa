#pragma once

#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/detail/tables/table_code.hpp>
#include <utility>

namespace eigencoder::detail {

/// What a `TableEncoder` has learned, for sources and files.
struct TableEncoderAccess {
  static const TableCode& code(const TableEncoder& encoder) { return encoder.code_; }
  static TableEncoder encoder(TableCode code) { return TableEncoder(std::move(code)); }
};

}  // namespace eigencoder::detail
