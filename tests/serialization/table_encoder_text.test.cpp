// A TableEncoder in a model's file.
#include "support/catch.hpp"

#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <eigencoder/serialization/table_encoder_text.hpp>

#include <string>
#include <string_view>

#include "data/toy_tables.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace table_encoder_text_test {
namespace {

/// Columns of every kind and scaling.
TableEncoder learned() {
  Table table = random_table(3, 300);
  std::vector<double> skewed, classes;
  for (int i = 0; i < 300; ++i) {
    skewed.push_back(1.0 / (1 + i));
    classes.push_back(i % 3 - 0.5);
  }
  table.add("skewed", skewed);
  table.add("spread", skewed);
  table.add("class", classes);
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) ids.push_back("id " + std::to_string(i));
  table.add("id", ids);
  table.add("notes", ids);
  return TableEncoder(table, {.quantiles = 20,
                              .min_count = 3,
                              .refuse_extra_columns = true,
                              .columns = {{"skewed", ColumnKind::number, NumberScaling::quantile},
                                          {"spread", ColumnKind::number, NumberScaling::logarithmic},
                                          {"number", ColumnKind::number, NumberScaling::robust},
                                          {"class", ColumnKind::category},
                                          {"notes", ColumnKind::ignored}}});
}

std::string refusal(const std::string& text) {
  return thrown<DataError>([&] { table_encoder_from_text(text); });
}

/// A text with one part replaced.
std::string replaced(std::string text, std::string_view part, std::string_view by) {
  const auto at = text.find(part);
  REQUIRE(at != text.npos);
  return text.replace(at, part.size(), by);
}

}  // namespace

TEST_CASE("an encoder is the same after it was written as a text") {
  const TableEncoder encoder = learned();
  const TableEncoder again = table_encoder_from_text(to_text(encoder));
  CHECK(again == encoder);
  CHECK(to_text(again) == to_text(encoder));
  CHECK(again.columns()[1].counts.missing == encoder.columns()[1].counts.missing);
}

TEST_CASE("a model's file keeps the encoder of its table") {
  const TemporaryFolder folder;
  const TableEncoder encoder = learned();
  const Index values = encoder.value_count();
  Autoencoder model{Encoder{Input{values}, Dense{3}}, Mirror{}, SquaredError{}};
  save(model, folder / "table.safetensors", {.metadata = {{"table", to_text(encoder)}}});
  const auto loaded = load(model, folder / "table.safetensors");
  REQUIRE(loaded.find("table") != nullptr);
  CHECK(table_encoder_from_text(*loaded.find("table")) == encoder);
}

TEST_CASE("a text that is no encoder's is refused") {
  Table table;
  table.add("n", {1, 2, 4});
  table.add("q", {1, 2, 4});
  table.add("w", {"a", "b", "c"});
  table.add("c", {1, 2, 3});
  table.add("h", {"u", "v", "w"});
  table.add("d", {"2024-02-29", "2024-03-01", "2024-03-02"});
  const std::string text = to_text(TableEncoder(
      table, {.columns = {{"q", ColumnKind::number, NumberScaling::quantile}, {"c", ColumnKind::category}}}));
  CHECK(refusal(text).empty());
  CHECK(says(refusal(""), {"table_encoder_from_text", "damaged"}));
  CHECK(says(refusal("[]"), {"no JSON object"}));
  CHECK(says(refusal("{}"), {"damaged"}));
  CHECK(says(refusal(replaced(text, "table 1", "table 2")), {"format"}));
  for (const auto& [part, by] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"("name":"q")", R"("name":"n")"},
           {R"("name":"q")", R"("name":7)"},
           {R"("name":"q",)", ""},
           {R"("ignored":[])", R"("ignored":["n"])"},
           {R"("ignored":[])", R"("ignored":[1])"},
           {R"("ignored":[])", R"("ignored":0)"},
           {R"("refuse_extra_columns":false)", R"("refuse_extra_columns":0)"},
           {R"("kind":"number")", R"("kind":"word")"},
           {R"("standard")", R"("stndard")"},
           {R"("standard")", R"("quantile")"},
           {R"("scale":)", R"("scale":-)"},
           {R"("scale":)", R"("scale":0,"_":)"},
           {R"("offset":)", R"("offset":true,"_":)"},
           {R"("offset":)", R"("offset":1e999,"_":)"},
           {R"("quantiles":[1.0,2.0)", R"("quantiles":[2.0,1.0)"},
           {R"("quantiles":[1.0,2.0,4.0])", R"("quantiles":[1.0])"},
           {R"("quantiles":[1.0,2.0,4.0])", R"("quantiles":[-1.7e308,1.7e308])"},
           {R"("quantiles":[1.0)", R"("quantiles":[null)"},
           {R"(["a","b","c"])", R"(["a","c","b"])"},
           {R"(["a","b","c"])", R"(["a","b","b"])"},
           {R"(["a","b","c"])", R"(["","b","c"])"},
           {R"(["a","b","c"])", R"x(["(other)","b","c"])x"},
           {R"(["a","b","c"])", R"("abc")"},
           {R"(["1","2","3"])", R"(["1","2","3x"])"},
           {R"(["1","2","3"])", R"(["1","2","3.0"])"},
           {R"("cells":[3,)", R"("cells":[-3,)"},
           {R"("cells":[3,)", R"("cells":[3.5,)"},
           {R"("cells":[3,)", R"("cells":[1e30,)"},
           {R"("cells":[3,)", R"("cells":[)"},
           {R"("digits":0)", R"("digits":3)"},
           {R"("digits":0)", R"("digits":7)"},
           {R"("utc":false)", R"("utc":true)"},
           {R"("seconds":false)", R"("seconds":true)"},
           {R"("separator":"T")", R"("separator":"-")"},
           {R"("separator":"T")", R"("separator":"")"}})
    CHECK(says(refusal(replaced(text, part, by)), {"table_encoder_from_text: the text is damaged"}));
           const std::string hashed = to_text(TableEncoder(table, {.max_words = 2, .hash_values = 4}));
           CHECK(refusal(hashed).empty());
           const auto first = hashed.find(R"("words":[)") + 9;
           CHECK(says(refusal(hashed.substr(0, first) + R"("",)" + hashed.substr(first)), {"not of its value"}));
           for (std::size_t size = 0; size < text.size(); size += 7)
             CHECK(says(refusal(text.substr(0, size)), {"damaged"}));
}

TEST_CASE("names and words that are not UTF-8 are not written") {
    Table table;
    table.add("w", {"a", "\xFF"});
    CHECK(says(thrown<DataError>([&] { to_text(TableEncoder(table)); }), {"not UTF-8"}));
}

}  // namespace table_encoder_text_test
