#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/tables/column_code.hpp>
#include <eigencoder/detail/tables/table_code.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// @file
/// What was learned of a table, as JSON.
namespace eigencoder::detail {

using OrderedJson = nlohmann::ordered_json;

inline constexpr std::string_view table_format = "eigencoder table 1";
inline constexpr std::array<std::string_view, 4> number_scaling_names{"standard", "robust", "quantile", "logarithmic"};

/// @name The members of a column's object that tell how it is encoded.
///@{
inline OrderedJson code_json(const NumberCode& code) {
  OrderedJson json{{"kind", "number"}, {"scaling", number_scaling_names[static_cast<std::size_t>(code.scaling)]}};
  if (code.scaling != NumberScaling::quantile) {
    json["offset"] = code.offset;
    json["scale"] = code.scale;
  } else {
    const auto& points = code.quantiles.quantiles;
    json["quantiles"] = std::vector<double>(points.data(), points.data() + points.size());
  }
  return json;
}
inline OrderedJson code_json(const OneHotCode& code) {
  return {{"kind", "category"}, {"of_numbers", code.of_numbers}, {"words", code.words}};
}
inline OrderedJson code_json(const HashCode& code) {
  return {{"kind", "hashed"}, {"of_numbers", code.of_numbers}, {"words", code.words}};
}
inline OrderedJson code_json(const DateCode& code) {
  const DateFormat& format = code.format;
  return {{"kind", "date"},          {"offset", code.offset},
          {"scale", code.scale},     {"time", format.has_time},
          {"utc", format.utc},       {"seconds", format.has_seconds},
          {"digits", format.digits}, {"separator", std::string(1, format.separator)}};
}
///@}

/// @throws DataError for a name or a word that is not UTF-8
[[gnu::cold]] inline std::string table_json(const TableCode& table) {
  OrderedJson columns = OrderedJson::array();
  for (const ColumnCode& column : table.columns) {
    OrderedJson json{{"name", column.name}};
    json.update(std::visit([](const auto& code) { return code_json(code); }, column.code));
    json["cells"] = {column.count.known, column.count.missing, column.count.other};
    columns.push_back(std::move(json));
  }
  const OrderedJson json{{"format", table_format},
                         {"columns", std::move(columns)},
                         {"ignored", table.ignored},
                         {"refuse_extra_columns", table.refuse_extra_columns}};
  try {
    return json.dump();
  } catch (const nlohmann::json::type_error&) {
    throw DataError("eigencoder: to_text: a name or a word of the table is not UTF-8");
  }
}

/// Reads what `table_json` wrote. @throws DataError for anything that it does not write, from every member
class TableJsonReader {
 public:
  explicit TableJsonReader(std::string_view text)
      : json_(nlohmann::json::parse(text.begin(), text.end(), nullptr, false)) {}

  TableCode read() const {
    try {
      if (json_.is_discarded() || !json_.is_object()) fail("it is no JSON object");
      if (json_.at("format") != table_format) fail("its format is not '" + std::string(table_format) + "'");
      TableCode table{.ignored = texts(json_.at("ignored")),
                      .refuse_extra_columns = boolean(json_.at("refuse_extra_columns"))};
      const nlohmann::json& columns = json_.at("columns");
      expect(columns.is_array() && !columns.empty(), "it has no columns");
      for (const nlohmann::json& column : columns) table.columns.push_back(read_column(column));
      std::set<std::string> names(table.ignored.begin(), table.ignored.end());
      for (const ColumnCode& column : table.columns)
        expect(names.insert(column.name).second, "it has two columns of one name");
      return table;
    } catch (const nlohmann::json::exception& error) {
      fail(error.what());
    }
  }

 private:
  [[noreturn, gnu::cold]] static void fail(const std::string& reason) {
    throw DataError("eigencoder: table_encoder_from_text: the text is damaged: " + reason);
  }
  static void expect(bool holds, const char* reason) {
    if (!holds) fail(reason);
  }

  static ColumnCode read_column(const nlohmann::json& json) {
    ColumnCode column{.name = json.at("name").get<std::string>()};
    const nlohmann::json& cells = json.at("cells");
    expect(cells.is_array() && cells.size() == 3, "a column has no counts of cells");
    column.count = {whole(cells[0]), whole(cells[1]), whole(cells[2])};
    const auto kind = json.at("kind").get<std::string>();
    if (kind == "number")
      column.code = read_number(json);
    else if (kind == "category")
      column.code = read_one_hot(json);
    else if (kind == "hashed")
      column.code = read_hash(json);
    else if (kind == "date")
      column.code = read_date(json);
    else
      fail("a column is of the unknown kind " + shown(kind));
    return column;
  }

  static NumberCode read_number(const nlohmann::json& json) {
    const auto name = json.at("scaling").get<std::string>();
    const auto found = std::find(number_scaling_names.begin(), number_scaling_names.end(), name);
    expect(found != number_scaling_names.end(), "a column has an unknown scaling");
    NumberCode code{static_cast<NumberScaling>(found - number_scaling_names.begin())};
    if (code.scaling != NumberScaling::quantile) {
      code.offset = number(json.at("offset"));
      code.scale = positive(json.at("scale"));
      return code;
    }
    const nlohmann::json& points = json.at("quantiles");
    expect(points.is_array() && points.size() >= 2, "a column has fewer than two quantiles");
    code.quantiles.output = OutputDistribution::normal;
    code.quantiles.quantiles.resize(static_cast<Index>(points.size()), 1);
    std::transform(points.begin(), points.end(), code.quantiles.quantiles.data(), number);
    const double* const first = code.quantiles.quantiles.data();
    expect(std::is_sorted(first, first + points.size()), "quantiles do not ascend");
    expect(std::isfinite(first[points.size() - 1] - first[0]), "quantiles span more than a double can hold");
    return code;
  }
  static OneHotCode read_one_hot(const nlohmann::json& json) {
    OneHotCode code{texts(json.at("words")), boolean(json.at("of_numbers"))};
    for (std::size_t i = 0; i < code.words.size(); ++i) {
      expect(!code.words[i].empty() && code.words[i] != other_word, "a word of a category is none");
      expect(i == 0 || code.words[i - 1] < code.words[i], "the words of a category do not ascend");
      expect(!code.of_numbers || is_number_word(code.words[i]), "a word of a category of numbers is no number");
    }
    return code;
  }
  static HashCode read_hash(const nlohmann::json& json) {
    HashCode code{texts(json.at("words")), boolean(json.at("of_numbers"))};
    expect(!code.words.empty(), "a hashed category has no values");
    for (Index value = 0; value < code.size(); ++value) {
      const std::string_view word = code.word_of(value);
      expect(word.empty() || code.value_of(word) == value, "a word of a hashed category is not of its value");
      expect(word.empty() || !code.of_numbers || is_number_word(word), "a word of a category of numbers is no number");
    }
    return code;
  }
  static DateCode read_date(const nlohmann::json& json) {
    const auto separator = json.at("separator").get<std::string>();
    const Index digits = whole(json.at("digits"));
    expect((separator == "T" || separator == " ") && digits <= 6, "a column has an unknown format of dates");
    const DateFormat format{boolean(json.at("time")), boolean(json.at("seconds")), static_cast<int>(digits),
                            boolean(json.at("utc")), separator[0]};
    expect((format.has_time || (!format.utc && !format.has_seconds)) && (format.has_seconds || digits == 0),
           "a column has an unknown format of dates");
    return {format, number(json.at("offset")), positive(json.at("scale"))};
  }

  static bool is_number_word(std::string_view word) {
    double value = 0;
    return parse_number(word, value) == NumberText::number && number_word(value) == word;
  }
  static bool boolean(const nlohmann::json& json) {
    expect(json.is_boolean(), "a value is neither true nor false");
    return json.get<bool>();
  }
  static Index whole(const nlohmann::json& json) {
    expect(json.is_number_unsigned(), "a count is no whole number");
    const auto value = json.get<std::uint64_t>();
    expect(value <= static_cast<std::uint64_t>((std::numeric_limits<Index>::max)()), "a count is too large");
    return static_cast<Index>(value);
  }
  static double number(const nlohmann::json& json) {
    expect(json.is_number() && std::isfinite(json.get<double>()), "a value is no finite number");
    return json.get<double>();
  }
  static double positive(const nlohmann::json& json) {
    const double value = number(json);
    expect(value > 0, "a scale is not above 0");
    return value;
  }
  static std::vector<std::string> texts(const nlohmann::json& json) {
    expect(json.is_array(), "a value is no list of texts");
    std::vector<std::string> all;
    for (const nlohmann::json& text : json) all.push_back(text.get<std::string>());
    return all;
  }

  nlohmann::json json_;
};

}  // namespace eigencoder::detail
