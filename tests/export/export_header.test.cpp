// The text of exported headers. tests/consumer/exported compiles headers and compares their results with the models'.
#include <eigencoder/export/export_header.hpp>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace {

using Small = Autoencoder<Encoder<Input<5>, Dense<3>, Relu>, Decoder<Dense<5>>, SquaredError>;

template <class Model>
std::string header_of(const Model& model, const ExportOptions& options = {}) {
  const TemporaryFolder folder;
  export_header(model, folder / "model.hpp", options);
  const auto bytes = bytes_of(folder / "model.hpp");
  return {bytes.begin(), bytes.end()};
}

/// The numbers of an array in a header; empty if there is no such array.
std::vector<double> array_of(const std::string& header, const std::string& name) {
  std::vector<double> values;
  const std::size_t definition = header.find(" " + name + "[");
  if (definition == header.npos) return values;
  const char* text = header.c_str() + header.find('{', definition) + 1;
  while (*text != '}') {
    char* end = nullptr;
    values.push_back(std::strtod(text, &end));
    if (end == text) return {};
    text = end + std::strspn(end, "f, \n");
  }
  return values;
}

int count_of(const std::string& text, std::string_view words) {
  int count = 0;
  for (std::size_t i = text.find(words); i != text.npos; i = text.find(words, i + 1)) ++count;
  return count;
}

template <class Model>
const typename Model::Scalar* block(const Model& model, Index index) {
  return model.parameters().data() + model.layout().block(index).offset;
}

}  // namespace

TEMPLATE_TEST_CASE("An exported header holds every bit of the parameters, in hexadecimal", "", float, double) {
  using Scalar = TestType;
  using Bits = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;
  using Limits = std::numeric_limits<Scalar>;
  Autoencoder<Encoder<Input<5>, Dense<4>>, Decoder<Dense<5>>, SquaredError, Precision<Scalar>> model;
  const Scalar odd[] = {Scalar(-0.0),     Limits::denorm_min(), -Limits::denorm_min(), Limits::min(),
                        Limits::max(),    Limits::lowest(),     Scalar(1) / 3,         Limits::epsilon(),
                        1 + Limits::epsilon(), Scalar(1e-30)};
  std::copy(std::begin(odd), std::end(odd), model.parameters().begin());
  const std::string header = header_of(model);
  CHECK(count_of(header, "0x") == static_cast<int>(model.parameter_count()));
  CHECK(header.find(sizeof(Scalar) == 4 ? "using Scalar = float;" : "using Scalar = double;") != header.npos);

  const std::vector<double> weight = array_of(header, "weight_0");
  REQUIRE(weight.size() == 20);
  for (Index input = 0; input < 5; ++input)
    for (Index output = 0; output < 4; ++output) {  // stored by inputs in the header, by outputs in the model
      const auto written = static_cast<Scalar>(weight[static_cast<std::size_t>(input * 4 + output)]);
      CHECK(std::bit_cast<Bits>(written) == std::bit_cast<Bits>(block(model, 0)[output * 5 + input]));
    }
}

TEST_CASE("An exported header has the model's summary and sizes, and the namespace of the options") {
  const Small model;
  const std::string header = header_of(model, {.name = "robot::small_eye"});
  const std::string summary = model.summary();
  for (std::size_t first = 0; first < summary.size(); first = summary.find('\n', first) + 1) {
    const std::string line = summary.substr(first, summary.find('\n', first) - first);
    CHECK(header.find("// " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n") != header.npos);
  }
  CHECK(says(header, {version, "\nnamespace robot::small_eye {\n", "input_size = 5;", "code_size = 3;",
                      "output_size = 5;"}));
  CHECK(header.starts_with("//"));
  CHECK(count_of(header, "#include") == 3);
  CHECK(says(header, {"#pragma once\n", "#include <array>\n", "#include <cmath>\n", "#include <cstddef>\n"}));
}

TEST_CASE("An exported header has only the functions that its model uses") {
  const std::string header = header_of(Small{});
  CHECK(count_of(header, "void relu(") == 1);
  CHECK(count_of(header, "void add_product(") == 1);
  for (const char* other : {"void conv2d(", "void add_tied_product(", "void max_pool(", "void sigmoid(", "struct Taps"})
    CHECK(header.find(other) == header.npos);
}

TEST_CASE("A tied weight is exported once") {
  const Autoencoder<Encoder<Input<5>, Dense<4>>, Decoder<TiedMirror>, SquaredError> model;
  const std::string header = header_of(model);
  CHECK(array_of(header, "weight_0").size() == 20);
  CHECK(array_of(header, "weight_1").empty());
  CHECK(array_of(header, "bias_1").size() == 5);
}

TEST_CASE("The mirror of a transposed convolution is exported as a convolution") {
  const Autoencoder<Encoder<Image<8, 8, 2>, ConvTranspose2d<3, 3, Stride<2>>, Relu, Dense<4>>, Decoder<Mirror>,
                    SquaredError> model;
  const std::string header = header_of(model);
  CHECK(count_of(header, " conv_transpose2d<add_product>(") == 1);
  CHECK(count_of(header, " conv2d<add_product>(") == 1);
  const auto mirrored = model.layout().blocks().end() - 2;  // the last layer's weight, which its bias follows
  CHECK(array_of(header, "weight_5").size() == static_cast<std::size_t>(mirrored->size()));
}

TEST_CASE("Batch normalization is exported as a mean, one scale and a shift") {
  Autoencoder<Encoder<Input<2>, BatchNorm, Dense<2>>, Decoder<Dense<2>>, SquaredError, Precision<double>> model;
  const auto set = [&](Index b, double first, double second) {
    double* values = model.parameters().data() + model.layout().block(b).offset;
    values[0] = first, values[1] = second;
  };
  set(0, 2, 3);   // scale
  set(1, 5, -7);  // shift
  double* mean = model.statistics().data() + model.layout().statistics_block(0).offset;
  double* variance = model.statistics().data() + model.layout().statistics_block(1).offset;
  mean[0] = 0.5, mean[1] = -4, variance[0] = 4, variance[1] = 0.25;
  const std::string header = header_of(model);
  const std::vector<double> scale = array_of(header, "scale_0");
  REQUIRE(scale.size() == 2);
  const double first = 2 / std::sqrt(4 + 1e-5), second = 3 / std::sqrt(0.25 + 1e-5);
  CHECK(scale[0] == Approx(first));
  CHECK(scale[1] == Approx(second));
  CHECK(array_of(header, "mean_0") == std::vector<double>{0.5, -4});
  CHECK(array_of(header, "shift_0") == std::vector<double>{5, -7});
}

TEST_CASE("A model whose decoder reads the encoder is exported without decode") {
  const Autoencoder<Encoder<Input<4>, Dense<4>, Relu, Dense<4>>, Decoder<Dense<4>, SkipAdd<AtLayer<1>>>, SquaredError>
      model;
  const std::string header = header_of(model);
  CHECK(header.find("void decode(") == header.npos);
  CHECK(header.find("void encode(") != header.npos);
  CHECK(header.find("void reconstruct(") != header.npos);
}

TEST_CASE("The namespace of an exported header must be a valid identifier") {
  const Small model;
  const TemporaryFolder folder;
  for (const char* name : {"", "2d", "a-b", "a b", "class", "not", "std", "main", "_x", "a__b", "a::", "::a", "a:b",
                           "a::int", "caf\xc3\xa9", "x;", "char8_t"}) {
    CAPTURE(name);
    CHECK(says(thrown<OptionError>([&] { export_header(model, folder / "m.hpp", {.name = name}); }),
               {"ExportOptions.name", std::string("'") + name + "'"}));
  }
  CHECK(folder.entries() == 0);
  for (const char* name : {"x", "sprites", "Sprites2", "a_b_", "a::b::c", "classes"})
    CHECK_NOTHROW(export_header(model, folder / "m.hpp", {.name = name}));
}

TEST_CASE("A parameter that is not finite is an error that names its array") {
  const TemporaryFolder folder;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    Small model;
    model.parameters()[static_cast<std::size_t>(model.layout().block(3).offset)] = bad;
    CHECK(says(thrown<DataError>([&] { export_header(model, folder / "m.hpp"); }),
               {"export_header", "bias_2", "not finite"}));
  }
  CHECK(folder.entries() == 0);
}

TEST_CASE("A header that cannot be written is a file error, and the old file stays") {
  const Small model;
  const TemporaryFolder folder;
  const std::string nowhere = folder / "none/m.hpp";
  CHECK(says(thrown<FileError>([&] { export_header(model, nowhere); }), {nowhere}));
  CHECK(says(thrown<FileError>([&] { export_header(model, folder.path()); }), {folder.path()}));
#ifdef __linux__
  CHECK(says(thrown<FileError>([&] { export_header(model, "/dev/full"); }), {"/dev/full"}));
#endif
  const std::vector<std::uint8_t> old = {'o', 'l', 'd'};
  const std::string path = folder.put("m.hpp", old);
  CHECK_THROWS_AS(export_header(model, path, {.name = "int"}), OptionError);
  CHECK(bytes_of(path) == old);
}
