#include <algorithm>
#include <cmath>
#include <common/json.hpp>
#include <common/report.hpp>
#include <common/text_file.hpp>
#include <cstddef>
#include <cstdlib>
#include <eigencoder/extend/errors.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using examples::Report;

namespace {

/// Reads what `to_json` may write: one flat object of texts, numbers and nulls. Anything else throws.
std::map<std::string, std::string> parse_flat_json(const std::string& text) {
  std::size_t i = 0;
  const auto blank = [&] {
    while (i < text.size() && (text[i] == ' ' || text[i] == '\n')) ++i;
  };
  const auto expect = [&](char c) {
    blank();
    if (i >= text.size() || text[i] != c) throw std::runtime_error(std::string("expected ") + c);
    ++i;
  };
  const auto string = [&] {
    expect('"');
    std::string out;
    for (; text.at(i) != '"'; ++i) {
      if (static_cast<unsigned char>(text[i]) < 0x20) throw std::runtime_error("control character");
      if (text[i] != '\\')
        out += text[i];
      else if (text.at(++i) == 'u') {
        out += static_cast<char>(std::stoi(text.substr(i + 1, 4), nullptr, 16));
        i += 4;
      } else
        out += text[i];
    }
    ++i;
    return out;
  };
  std::map<std::string, std::string> fields;
  expect('{');
  for (;;) {
    blank();
    const std::string name = string();
    expect(':');
    blank();
    std::string value;
    if (text.at(i) == '"')
      value = string();
    else {
      while (i < text.size() && std::string(",}\n ").find(text[i]) == std::string::npos) value += text[i++];
      char* end = nullptr;
      std::strtod(value.c_str(), &end);
      if (value.empty() ||
          (value != "null" && (*end != '\0' || std::isalpha(static_cast<unsigned char>(value[0])))))
        throw std::runtime_error("neither a number nor null: " + value);
    }
    if (!fields.emplace(name, value).second) throw std::runtime_error("twice: " + name);
    blank();
    if (text.at(i) == '}') break;
    expect(',');
  }
  expect('}');
  blank();
  if (i != text.size()) throw std::runtime_error("text after the object");
  return fields;
}

Report held_out_report() {
  Report report;
  report.example = "demo";
  report.images = 792;
  report.train_images = 634;
  report.test_images = 158;
  report.code_size = 32;
  report.parameters = 1234567;
  report.epochs = 400;
  report.seconds = 52.25;
  report.threads = 2;
  report.seed = std::numeric_limits<std::uint64_t>::max();
  report.train_mse = 0.1;
  report.test_mse = 1.0 / 3;
  report.mean_image_train_mse = 0.5;
  report.mean_image_test_mse = 0.75;
  report.pca_train_mse = 0.25;
  report.pca_test_mse = 0.5;
  report.pca_components = 31;
  return report;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the report is one flat JSON object whose numbers read back as they were") {
  Report report = held_out_report();
  report.more.emplace_back("tiny", 4.9e-324);
  report.more.emplace_back("a \"quoted\\\nname", 1e300);
  const auto fields = parse_flat_json(to_json(report));
  CHECK(fields.at("example") == "demo");
  CHECK(fields.at("images") == "792");
  CHECK(fields.at("train_images") == "634");
  CHECK(fields.at("test_images") == "158");
  CHECK(fields.at("code_size") == "32");
  CHECK(fields.at("parameters") == "1234567");
  CHECK(fields.at("epochs") == "400");
  CHECK(fields.at("threads") == "2");
  CHECK(fields.at("seed") == "18446744073709551615");
  CHECK(fields.at("pca_components") == "31");
  const auto number = [&](const std::string& name) { return std::strtod(fields.at(name).c_str(), nullptr); };
  CHECK(number("seconds") == 52.25);
  CHECK(number("train_mse") == 0.1);
  CHECK(number("test_mse") == 1.0 / 3);
  CHECK(std::abs(number("test_psnr") - 10 * std::log10(3.0)) < 1e-12);
  CHECK(number("mean_image_test_mse") == 0.75);
  CHECK(number("pca_test_mse") == 0.5);
  CHECK(number("tiny") == 4.9e-324);
  CHECK(number("a \"quoted\\\nname") == 1e300);
}

TEST_CASE("absent and non-finite values are null") {
  Report report;
  report.seconds = std::numeric_limits<double>::infinity();
  report.train_mse = std::numeric_limits<double>::quiet_NaN();
  const auto fields = parse_flat_json(to_json(report));
  for (const char* name : {"test_images", "test_mse", "test_psnr", "mean_image_test_mse", "pca_test_mse",
                           "pca_components", "seconds", "train_mse"})
    CHECK(fields.at(name) == "null");
  report.test_mse = 0;  // a perfect reconstruction has no finite PSNR
  CHECK(parse_flat_json(to_json(report)).at("test_psnr") == "null");
}

TEST_CASE("objects in an object are indented, and whole") {
  examples::JsonObject inner, outer;
  CHECK(inner.document() == "{\n}\n");
  inner.number("a\nb", 0.5);
  inner.truth("c", true);
  outer.object("inner", inner);
  outer.natural("seed", 18446744073709551615U);
  CHECK(outer.document() ==
        "{\n  \"inner\": {\n    \"a\\u000ab\": 0.5,\n    \"c\": true\n  },\n  \"seed\": 18446744073709551615\n}\n");
}

TEST_CASE("the table fits 80 columns and says what it compares") {
  Report report = held_out_report();
  const auto widest = [](const std::string& table) {
    std::size_t width = 0;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) width = std::max(width, line.size());
    return width;
  };
  const std::string held_out = to_table(report);
  CHECK(widest(held_out) <= 80);
  CHECK(held_out.find("Held out: 158 of 792 images") != std::string::npos);
  CHECK(held_out.find("0.333333") != std::string::npos);
  CHECK(held_out.find("33.3% below PCA's") != std::string::npos);

  report.test_images.reset();
  const std::string classic = to_table(report);
  CHECK(widest(classic) <= 80);
  CHECK(classic.find("No image was held out") != std::string::npos);
  CHECK(classic.find("0.333333") == std::string::npos);
  CHECK(classic.find("60.0% below PCA's") != std::string::npos);
}

TEST_CASE("a report is written wholly or not at all") {
  const TemporaryFolder folder;
  examples::write_text(folder / "metrics.json", "before");
  examples::write_text(folder / "metrics.json", to_json(held_out_report()));
  CHECK(read(folder / "metrics.json") == to_json(held_out_report()));
  CHECK_THROWS_AS(examples::write_text(folder / "none/metrics.json", "x"), eigencoder::FileError);
  std::filesystem::create_directory(folder / "taken");
  CHECK_THROWS_AS(examples::write_text(folder / "taken", "x"), eigencoder::FileError);
}
