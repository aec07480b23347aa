#pragma once

#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/detail/serialization/table_encoder_json.hpp>
#include <eigencoder/detail/tables/table_encoder_access.hpp>
#include <string>
#include <string_view>

/// @file
/// A `TableEncoder` as a text, for the metadata of a model's or a detector's file:
///
///     save(model, "patients.safetensors", {.metadata = {{"table", to_text(encoder)}}});
///
/// In another program, where the encoder says how large the model is and what its losses are, it comes first:
///
///     const auto saved = read_metadata("patients.safetensors");
///     const TableEncoder encoder = table_encoder_from_text(*saved.find("table"));
///     Autoencoder model{Encoder{Input{encoder.value_count()}, ...}, Mirror{}, encoder.blocks(), ...};
///     load(model, "patients.safetensors");
///
/// Metadata have a limit (see `SaveOptions::metadata`), which is reached by some thousand words, or the quantiles of
/// some dozen columns: of more, keep the text in a file of its own.
namespace eigencoder {

/// All that an encoder has learned, as a line of JSON. @throws DataError for a name or a word that is not UTF-8
inline std::string to_text(const TableEncoder& encoder) {
  return detail::table_json(detail::TableEncoderAccess::code(encoder));
}

/// The encoder of a text of `to_text`: it is equal to the one that was written.
/// @throws DataError for any other text
inline TableEncoder table_encoder_from_text(std::string_view text) {
  return detail::TableEncoderAccess::encoder(detail::TableJsonReader(text).read());
}

}  // namespace eigencoder
