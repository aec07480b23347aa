// Files of other programs: other types, prefixed names, tensors that do not belong to the model.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace foreign_file_test {
namespace {

using namespace eigencoder;
using detail::DType;
using detail::OwnedTensor;
using Tensors = std::vector<OwnedTensor>;

template <class... P>
using Net = Autoencoder<Encoder<Image<4, 3, 2>, Conv2d<4, 3, Same>, BatchNorm, Relu, Dense<3>>, Decoder<Mirror>,
                        SquaredError, P...>;
using Wide = Net<Precision<double>>;

/// Values that every floating-point type holds: multiples of 1/16 from -2 to 2, positive ones for statistics.
template <class Model>
Model filled() {
  using Scalar = typename Model::Scalar;
  Model model;
  int n = 0;
  for (const auto& block : model.layout().blocks())
    for (Index i = 0; i < block.size(); ++i)
      model.parameters()[static_cast<std::size_t>(block.offset + i)] = static_cast<Scalar>(++n * 7 % 64 - 32) / 16;
  for (const auto& block : model.layout().statistics_blocks())
    for (Index i = 0; i < block.size; ++i)
      model.statistics()[static_cast<std::size_t>(block.offset + i)] = static_cast<Scalar>(++n * 5 % 32 + 1) / 16;
  return model;
}

/// Also for models of different scalars, whose blocks have different offsets.
template <class Model, class Other>
bool same_values(const Model& a, const Other& b) {
  const auto same = [](const auto* x, const auto* y, Index size) { return std::equal(x, x + size, y); };
  bool all = true;
  for (std::size_t k = 0; k < a.layout().blocks().size(); ++k)
    all = all && same(a.parameters().data() + a.layout().blocks()[k].offset,
                      b.parameters().data() + b.layout().blocks()[k].offset, a.layout().blocks()[k].size());
  for (std::size_t k = 0; k < a.layout().statistics_blocks().size(); ++k)
    all = all && same(a.statistics().data() + a.layout().statistics_blocks()[k].offset,
                      b.statistics().data() + b.layout().statistics_blocks()[k].offset,
                      a.layout().statistics_blocks()[k].size);
  return all;
}

/// The bits of a number that a 16-bit type holds, found by trying all.
std::uint16_t sixteen_bits(DType type, double value) {
  for (std::uint32_t bits = 0;; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float number = type == DType::F16 ? detail::half_to_float(half) : detail::bfloat16_to_float(half);
    if (number == value && std::signbit(number) == std::signbit(value)) return half;
    if (bits == 0xFFFF) throw std::logic_error("no such number");
  }
}

template <class T>
void append(std::vector<std::uint8_t>& bytes, T value) {
  const auto end = bytes.size();
  bytes.resize(end + sizeof value);
  std::memcpy(&bytes[end], &value, sizeof value);
}

/// A tensor converted to another type.
OwnedTensor converted(const OwnedTensor& tensor, DType type) {
  OwnedTensor other{tensor.name, type, tensor.shape, {}};
  for (std::size_t i = 0; i < tensor.bytes.size() / detail::dtype_bytes(tensor.type); ++i) {
    const auto value = detail::value_at<double>(tensor.type, tensor.bytes.data(), i);
    if (type == DType::F32) append(other.bytes, static_cast<float>(value));
    else if (type == DType::F64) append(other.bytes, value);
    else append(other.bytes, sixteen_bits(type, value));
  }
  return other;
}

/// The tensors of a model as PyTorch would write them, in this type.
template <class Model>
Tensors tensors_of(const Model& model, DType type, const std::string& prefix = "") {
  Tensors all;
  for (const OwnedTensor& tensor : detail::model_contents(model, {}).tensors) {
    all.push_back(tensor.type == DType::I64 ? tensor : converted(tensor, type));
    all.back().name = prefix + tensor.name;
  }
  return all;
}

OwnedTensor& named(Tensors& tensors, const std::string& name) {
  return *std::find_if(tensors.begin(), tensors.end(), [&](const OwnedTensor& t) { return t.name == name; });
}

/// The error of loading a file that must be refused. Checks that the model stays as it is.
template <class Model>
std::string refused(const std::string& path, const LoadOptions& options = {}) {
  Model model;
  const Model before = model;
  const std::string message = thrown<FileError>([&] { load(model, path, options); });
  CHECK(says(message, {"cannot load '" + path}));
  CHECK(same_values(model, before));
  return message;
}

}  // namespace

TEMPLATE_TEST_CASE("floating-point tensors of any type are converted if the options say so", "", float, double) {
  using Model = Net<Precision<TestType>>;
  const TemporaryFolder folder;
  const auto source = filled<Model>();
  const DType own = detail::dtype_of<TestType>;
  for (const DType type : {DType::F16, DType::BF16, DType::F32, DType::F64}) {
    const std::string name(detail::dtype_name(type));
    CAPTURE(name);
    detail::write_safetensors(folder / "m", tensors_of(source, type));
    if (type != own)
      CHECK(says(refused<Model>(folder / "m"), {"its tensor 'encoder.0.weight' is " + name + ", the model has",
                                                "LoadOptions::convert converts it"}));
    Model model;
    const auto loaded = load(model, folder / "m", {.convert = true});
    CHECK(same_values(model, source));
    CHECK(loaded.skipped.empty());
    REQUIRE(loaded.converted.size() == (type == own ? 0 : 16));
    for (const auto& [tensor, stored] : loaded.converted) {
      CHECK(stored == name);
      CHECK(tensor.find("num_batches") == tensor.npos);
    }
  }
  auto mixed = tensors_of(source, own);
  named(mixed, "encoder.1.running_var") = converted(named(mixed, "encoder.1.running_var"), DType::BF16);
  detail::write_safetensors(folder / "m", mixed);
  Model model;
  const auto loaded = load(model, folder / "m", {.convert = true});
  CHECK(same_values(model, source));
  CHECK(loaded.converted == std::vector<std::pair<std::string, std::string>>{{"encoder.1.running_var", "BF16"}});
}

TEST_CASE("doubles are rounded to floats, and refused beyond the range of float") {
  const TemporaryFolder folder;
  auto source = filled<Wide>();
  source.parameters()[0] = 0.1;
  save(source, folder / "m", {.scaling = Scaling<double>{std::vector<double>(24, 0.3), std::vector<double>(24, 2)}});
  Net<> model;
  const auto loaded = load(model, folder / "m", {.convert = true});
  CHECK(model.parameters()[0] == 0.1F);
  REQUIRE(loaded.scaling);
  CHECK(loaded.scaling->offset[5] == 0.3F);
  CHECK(loaded.converted.size() == 18);
  Wide back;
  save(model, folder / "n");
  load(back, folder / "n", {.convert = true});
  CHECK(same_values(back, model));

  auto tensors = tensors_of(source, DType::F64);
  auto& bytes = named(tensors, "encoder.3.bias").bytes;
  const auto with = [&](double value, const LoadOptions& options) {
    std::memcpy(&bytes[2 * sizeof value], &value, sizeof value);
    detail::write_safetensors(folder / "m", tensors);
    return refused<Net<>>(folder / "m", options);
  };
  for (const bool allow : {false, true})
    CHECK(says(with(-1e300, {.allow_non_finite = allow, .convert = true}),
               {"its tensor 'encoder.3.bias' holds -1e+300 at value 2, which must be in the range of float"}));
  CHECK(says(with(std::numeric_limits<double>::quiet_NaN(), {.convert = true}),
             {"its tensor 'encoder.3.bias' holds NaN or infinity, at value 2"}));
  auto halves = tensors_of(filled<Net<>>(), DType::F16);
  const std::uint16_t infinity = 0x7C00;
  std::memcpy(&named(halves, "encoder.3.bias").bytes[2], &infinity, sizeof infinity);
  detail::write_safetensors(folder / "h", halves);
  CHECK(says(refused<Net<>>(folder / "h", {.convert = true}), {"'encoder.3.bias' holds NaN or infinity, at value 1"}));
  load(model, folder / "h", {.allow_non_finite = true, .convert = true});
  CHECK(std::isinf(model.parameters()[static_cast<std::size_t>(model.layout().blocks()[5].offset + 1)]));
}

TEST_CASE("whole numbers are not converted") {
  const TemporaryFolder folder;
  auto tensors = tensors_of(filled<Net<>>(), DType::F32);
  named(tensors, "encoder.0.bias").type = DType::I32;
  detail::write_safetensors(folder / "m", tensors);
  const std::string message = refused<Net<>>(folder / "m", {.convert = true});
  CHECK(says(message, {"its tensor 'encoder.0.bias' is I32, the model has F32"}));
  CHECK(message.find("LoadOptions") == message.npos);
}

TEST_CASE("a prefix is removed from the names, and the error suggests it") {
  const TemporaryFolder folder;
  const auto source = filled<Net<>>();
  for (const std::string prefix : {"module.", "_orig_mod.", "a model of mine/"}) {
    detail::write_safetensors(folder / "m", tensors_of(source, DType::F32, prefix));
    Net<> model;
    load(model, folder / "m", {.prefix = prefix});
    CHECK(same_values(model, source));
    for (const LoadOptions& wrong : {LoadOptions{}, LoadOptions{.prefix = "other."}})
      CHECK(says(refused<Net<>>(folder / "m", wrong),
                 {"it has no tensor '" + wrong.prefix + "encoder.0.weight'",
                  "it has all of them with the prefix '" + prefix + "', see LoadOptions::prefix"}));
  }
  detail::write_safetensors(folder / "m", tensors_of(source, DType::F32));
  CHECK(says(refused<Net<>>(folder / "m", {.prefix = "module."}), {"with the prefix '', see"}));

  auto tensors = tensors_of(source, DType::F32, "module.");
  named(tensors, "module.decoder.3.bias").name = "decoder.3.bias";
  detail::write_safetensors(folder / "m", tensors);
  const std::string message = refused<Net<>>(folder / "m");
  CHECK(says(message, {"it has no tensor 'encoder.0.weight'"}));
  CHECK(message.find("prefix") == message.npos);
  CHECK(says(refused<Net<>>(folder / "m", {.prefix = "module."}), {"it has no tensor 'module.decoder.3.bias'"}));
}

TEST_CASE("further tensors are ignored and reported if the options say so; none may be missing") {
  const TemporaryFolder folder;
  const auto source = filled<Net<>>();
  auto tensors = tensors_of(source, DType::BF16, "net.");
  for (const char* name : {"head.weight", "encoder.0.weight", "net.encoder.9.bias"})
    tensors.push_back({name, DType::I8, {3}, std::vector<std::uint8_t>(3)});
  detail::write_safetensors(folder / "m", tensors);
  const LoadOptions options{.convert = true, .prefix = "net.", .skip_unexpected = true};
  CHECK(says(refused<Net<>>(folder / "m", {.convert = true, .prefix = "net."}),
             {"is not one of the model's (LoadOptions::skip_unexpected ignores it)"}));
  Net<> model;
  auto skipped = load(model, folder / "m", options).skipped;
  CHECK(same_values(model, source));
  std::sort(skipped.begin(), skipped.end());
  CHECK(skipped == std::vector<std::string>{"encoder.0.weight", "head.weight", "net.encoder.9.bias"});

  named(tensors, "net.encoder.1.bias").name = "net.encoder.1.offset";
  detail::write_safetensors(folder / "m", tensors);
  CHECK(says(refused<Net<>>(folder / "m", options), {"it has no tensor 'net.encoder.1.bias'"}));
}

TEST_CASE("a codebook of 16-bit values may differ from its statistics by their rounding alone") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<4>, Dense<2>>, Decoder<Mirror>, SquaredError, VectorQuantized<3>>;
  auto source = filled<Model>();
  auto tensors = detail::model_contents(source, {}).tensors;
  for (OwnedTensor& tensor : tensors) {  // rounded towards 0: by less than 2^-7
    OwnedTensor halves{tensor.name, DType::BF16, tensor.shape, {}};
    for (std::size_t i = 0; i < tensor.bytes.size(); i += 4)
      halves.bytes.insert(halves.bytes.end(), {tensor.bytes[i + 2], tensor.bytes[i + 3]});
    tensor = halves;
  }
  detail::write_safetensors(folder / "m", tensors);
  Model model;
  load(model, folder / "m", {.convert = true});
  CHECK(codebook(model).isApprox(codebook(source), 0.02F));
  auto& book = named(tensors, "bottleneck.codebook").bytes;
  book[0] = static_cast<std::uint8_t>(book[0] ^ 0x10);  // by at least a twelfth
  detail::write_safetensors(folder / "m", tensors);
  CHECK(says(refused<Model>(folder / "m", {.convert = true}), {"'bottleneck.codebook' is not that of"}));
  for (OwnedTensor& tensor : tensors) tensor.name = "net." + tensor.name;
  detail::write_safetensors(folder / "m", tensors);
  CHECK(says(refused<Model>(folder / "m", {.convert = true, .prefix = "net."}),
             {"'net.bottleneck.codebook' is not that of 'net.bottleneck.sums' and 'net.bottleneck.counts'"}));
}

TEST_CASE("load_checkpoint refuses options for files of other programs") {
  const TemporaryFolder folder;
  auto model = filled<Net<>>();
  save_checkpoint(model, folder / "c");
  for (const LoadOptions& options :
       {LoadOptions{.convert = true}, LoadOptions{.prefix = "module."}, LoadOptions{.skip_unexpected = true}})
    CHECK(says(thrown<OptionError>([&] { load_checkpoint(model, folder / "c", options); }), {"are for load"}));
  CHECK_NOTHROW(load_checkpoint(model, folder / "c"));
}

}  // namespace foreign_file_test
