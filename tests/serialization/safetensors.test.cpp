#include "support/catch.hpp"

#include <eigencoder/detail/safetensors/safetensors.hpp>

#include "support/counted_memory.hpp"
#include "support/malformed.hpp"
#include "support/temporary_folder.hpp"

using namespace eigencoder;
using namespace eigencoder::detail;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_from(std::size_t size, unsigned step) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i * step + 1));
  return bytes;
}

struct Sample {
  Bytes a = bytes_from(24, 3), b = bytes_from(8, 5), c = bytes_from(3, 7);
  std::vector<TensorView> tensors{{"flags", DType::Boolean, {3}, c},
                                     {"encoder.0.weight", DType::F32, {2, 3}, a},
                                     {"nothing", DType::F32, {0}, {}},
                                     {"steps", DType::I64, {}, b}};
  Metadata metadata{{"format", "pt"},
                    {"quote \" \\ \n\x01 and \xC3\xA9", "{\"a\":[1]}"},
                    {"eigencoder.format", "x"},
                    {"", ""}};
};

bool same_tensors(const SafetensorsFile& file, const Sample& sample) {
  if (file.tensors.size() != sample.tensors.size()) return false;
  for (const TensorView& written : sample.tensors) {
    bool found = false;
    for (const TensorInfo& info : file.tensors) {
      const auto bytes = file.payload(info);
      found = found || (info.type == written.type && info.shape == written.shape &&
                        Bytes(bytes.begin(), bytes.end()) == Bytes(written.bytes.begin(), written.bytes.end()));
    }
    if (!found) return false;
  }
  return true;
}

/// The peak memory of reading in bytes (0: not counted), and its error; empty if there is none.
std::pair<std::size_t, std::string> cost_of_reading(const std::string& path,
                                                    std::uint64_t limit = default_header_bytes) {
  std::string error;
  const std::size_t memory = memory_of([&] { error = message_of<FileError>([&] { read_safetensors(path, limit); }); });
  return {memory, error};
}

}  // namespace

TEST_CASE("the checksum is CRC-32, in one piece or several") {
  const std::string check = "123456789";  // the published check value of CRC-32/ISO-HDLC
  const std::span all(reinterpret_cast<const std::uint8_t*>(check.data()), check.size());
  CHECK(crc32(all) == 0xCBF43926);
  CHECK(crc32({}) == 0);
  const Bytes bytes = bytes_from(100, 11);
  std::uint32_t slow = 0xFFFFFFFF;  // bit by bit
  for (const std::uint8_t byte : bytes) {
    slow ^= byte;
    for (int bit = 0; bit < 8; ++bit) slow = (slow >> 1) ^ ((slow & 1) != 0 ? 0xEDB88320U : 0U);
  }
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    CHECK(crc32(std::span(bytes).subspan(cut), crc32(std::span(bytes).first(cut))) == ~slow);
}

TEST_CASE("a safetensors file that was written is read with the same contents") {
  const TemporaryFolder folder;
  const Sample sample;
  const std::string path = folder / "model.safetensors";
  write_safetensors(path, sample.tensors, sample.metadata);
  const SafetensorsFile file = read_safetensors(path);
  CHECK(same_tensors(file, sample));
  CHECK(file.bytes == bytes_of(path));
  CHECK(file.data % 64 == 0);
  for (const TensorView& written : sample.tensors) {
    const TensorInfo* info = file.find(written.name);
    REQUIRE(info != nullptr);
    CHECK(info->type == written.type);
    CHECK(info->shape == written.shape);
    CHECK(info->begin % dtype_bytes(info->type) == 0);  // other readers map the file
    CHECK(Bytes(file.payload(*info).begin(), file.payload(*info).end()) ==
          Bytes(written.bytes.begin(), written.bytes.end()));
  }
  CHECK(file.find("encoder.0") == nullptr);
  REQUIRE(file.metadata.size() == sample.metadata.size() + 1);
  CHECK(std::equal(sample.metadata.begin(), sample.metadata.end(), file.metadata.begin()));
  CHECK(file.metadata.back().first == checksum_key);

  write_safetensors(folder / "again", sample.tensors, file.metadata);  // the old checksum is replaced
  CHECK(bytes_of(folder / "again") == bytes_of(path));

  for (std::size_t length = 0; length < 130; ++length) {  // every position of the header's end
    write_safetensors(path, sample.tensors, {{"text", std::string(length, 'x')}});
    CHECK(read_safetensors(path).data % 64 == 0);
  }
  write_safetensors(path, std::vector<TensorView>{});
  CHECK(read_safetensors(path).tensors.empty());
}

TEST_CASE("every type has its name and size") {
  const TemporaryFolder folder;
  for (std::size_t i = 0; i < dtypes.size(); ++i) {
    const DType type = static_cast<DType>(i);
    const Bytes bytes = bytes_from(3 * dtype_bytes(type), 1);
    write_safetensors(folder / "one", std::vector<TensorView>{{"t", type, {3}, bytes}});
    CHECK(read_safetensors(folder / "one").find("t")->type == type);
    const Bytes file = bytes_of(folder / "one");
    CHECK(std::string(file.begin(), file.end()).find('"' + std::string(dtype_name(type)) + '"') != std::string::npos);
  }
}

TEST_CASE("a file of another program is read") {
  const TemporaryFolder folder;
  const auto read = [&](std::string_view header, std::size_t size) {
    return read_safetensors(folder.put("file", safetensors_bytes(header, size)));
  };
  CHECK(read("{}", 0).tensors.empty());
  CHECK(read("{}       ", 0).metadata.empty());
  const SafetensorsFile file = read(
      "{ \"b\" : {\"data_offsets\":[4,6], \"shape\":[1,2],\n\"dtype\":\"I8\"}, \"a\\u0062\\\"\\ud83d\\ude00\":"
      "{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}, "
      "\"z\":{\"dtype\":\"F64\",\"shape\":[18446744073709551615,0]"
      ",\"data_offsets\":[4,4]}, \"__metadata__\":{\"b\":\"2\",\"a\":\"\"}}  ",
      6);
  REQUIRE(file.tensors.size() == 3);
  CHECK(file.tensors[0].name == "ab\"\xF0\x9F\x98\x80");
  CHECK(file.tensors[1].name == "z");
  CHECK(file.payload(*file.find("b"))[1] == 5);
  CHECK(file.metadata == Metadata{{"b", "2"}, {"a", ""}});
}

TEST_CASE("a malformed file is refused with its name and the cause, and takes little memory") {
  const TemporaryFolder folder;
  for (const MalformedFile& malformed : malformed_safetensors()) {
    INFO(malformed.name);
    const std::string path = folder.put("malformed.safetensors", malformed.bytes);
    const auto [memory, error] = cost_of_reading(path, max_header_bytes);
    CHECK(error.find(path) != std::string::npos);
    CHECK(error.find(malformed.words) != std::string::npos);
    CHECK(error.size() < 400 + path.size());
    CHECK(memory <= 2 * malformed.bytes.size() + (std::size_t{1} << 20));
    if (error.find(malformed.words) == std::string::npos) WARN(error);
  }
}

TEST_CASE("the largest headers stay within twice the file and 1 MiB") {
  const TemporaryFolder folder;
  const auto repeated = [](auto&& entry, std::size_t bytes) {  // a JSON object of this many bytes
    std::string text = "{";
    for (int i = 0; text.size() < bytes; ++i) text += (i == 0 ? "" : ",") + entry(i);
    return text + "}";
  };
  const auto many = [](int i) {
    return '"' + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  };
  const auto deep = [](int i) {
    std::string shape = "0";
    for (int d = 1; d < 64; ++d) shape += ",1";
    return '"' + std::to_string(i) + R"(":{"dtype":"U8","shape":[)" + shape + R"(],"data_offsets":[0,0]})";
  };
  const auto named = [](int i) {
    return '"' + std::to_string(i) + std::string(60, 'n') + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  };
  const auto text = [](std::size_t size) { return R"({"__metadata__":{"text":")" + std::string(size, 't') + "\"}}"; };
  // The largest headers allowed with little data and with much data.
  for (const std::size_t largest : {std::size_t{60'000}, std::size_t{1'000'000}}) {
    const std::size_t data = largest == 60'000 ? 0 : 11'500'000;
    std::string tensor = R"("data":{"dtype":"U8","shape":[)" + std::to_string(data) + R"(],"data_offsets":[0,)";
    tensor += std::to_string(data) + "]}";
    const std::size_t space = largest - tensor.size() - 100;
    const std::vector<std::string> good{repeated(many, space), repeated(deep, space), repeated(named, space),
                                        text(space)};
    const std::vector<std::string> bad{text(space) + " x", "{\"" + std::string(space, 'x') + "\xFF\":{}",
                                       "{" + std::string(4000, '\n') + "x", "{\"" + std::string(space, 'x') + "\":1"};
    const auto read = [&](std::string header) {
      header.back() = ',';
      const Bytes file = safetensors_bytes(header + tensor + '}', data);
      const auto [memory, error] = cost_of_reading(folder.put("large", file));
      CHECK(error.find("out of proportion") == std::string::npos);
      CHECK(memory <= 2 * file.size() + (std::size_t{1} << 20));
      return error.empty();
    };
    for (const std::string& header : good) CHECK(read(header));
    for (const std::string& header : bad) CHECK_FALSE(read(header));
  }
  const auto error = [&](std::string_view header) {
    return message_of<FileError>([&] { read_safetensors(folder.put("large", safetensors_bytes(header, 0))); });
  };
  CHECK(error(text(200'000)).find("out of proportion") != std::string::npos);
  CHECK(error("{}" + std::string((1 << 20) - 2, ' ')).empty());
  CHECK(error("{}" + std::string((1 << 20) - 1, ' ')).find("more than the limit of 1048576") != std::string::npos);

  const Bytes payload(1'000'000);
  write_safetensors(folder / "usual", std::vector<TensorView>{{"weight", DType::F32, {250'000}, payload}});
  const std::size_t memory = cost_of_reading(folder / "usual").first;
  CHECK(memory < payload.size() + 10'000);
#ifdef EIGENCODER_COUNTS_MEMORY
  CHECK(memory >= payload.size());
#endif
}

TEST_CASE("a truncated safetensors file is refused") {
  const TemporaryFolder folder;
  const Sample sample;
  write_safetensors(folder / "whole", sample.tensors, sample.metadata);
  Bytes file = bytes_of(folder / "whole");
  const std::string path = folder / "cut";
  for (std::size_t size = 0; size < file.size(); ++size) {
    folder.put("cut", std::span(file).first(size));
    const std::string error = message_of<FileError>([&] { read_safetensors(path); });
    CHECK(error.find(path) != std::string::npos);
    CHECK(error.find("cut off") != std::string::npos);
  }
  file.push_back(0);
  CHECK_THROWS_AS(read_safetensors(folder.put("cut", file)), FileError);
  CHECK_THROWS_AS(read_safetensors(folder / "nowhere"), FileError);
  CHECK_THROWS_AS(read_safetensors(folder.path()), FileError);
}

TEST_CASE("a flipped bit is detected, or leaves the same tensors") {
  const TemporaryFolder folder;
  const Sample sample;
  write_safetensors(folder / "whole", sample.tensors, sample.metadata);
  const Bytes file = bytes_of(folder / "whole");
  const std::size_t data = read_safetensors(folder / "whole").data;
  const std::string path = folder / "flipped";
  int refused = 0, read = 0;
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    Bytes flipped = file;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    folder.put("flipped", flipped);
    bool same = false;
    const std::string error = message_of<FileError>([&] { same = same_tensors(read_safetensors(path), sample); });
    ++(error.empty() ? read : refused);
    if (error.empty()) {  // perhaps under other names
      REQUIRE(same);
      REQUIRE(bit < 8 * data);
    } else {
      REQUIRE(error.find(path) != std::string::npos);
      REQUIRE((bit < 8 * data || error.find("checksum is wrong") != std::string::npos));
    }
  }
  CHECK(refused > 0);
  CHECK(read > 0);
}

TEST_CASE("a file that could not be read is not written") {
  const TemporaryFolder folder;
  const Bytes bytes = bytes_from(8, 1);
  const auto refused = [&](std::vector<TensorView> tensors, const Metadata& metadata, const char* words) {
    const std::string path = folder / "refused";
    const std::string error = message_of<FileError>([&] { write_safetensors(path, tensors, metadata); });
    CHECK(error.find("cannot write '" + path) != std::string::npos);
    CHECK(error.find(words) != std::string::npos);
    CHECK(folder.entries() == 0);
  };
  const TensorView good{"w", DType::F32, {2}, bytes};
  refused({good, good}, {}, "two tensors 'w'");
  refused({{"w", DType::F64, {2}, bytes}}, {}, "takes 16");
  refused({{"\xFF", DType::F32, {2}, bytes}}, {}, "UTF-8");
  refused({{"__metadata__", DType::F32, {2}, bytes}}, {}, "two '__metadata__'");
  refused({good}, {{"a", "1"}, {"a", "2"}}, "the key 'a' twice");
  refused({good}, {{"a", "\x80"}}, "UTF-8");
  refused({good}, {{"a", std::string(std::size_t{1} << 20, 'a')}}, "more than the limit");
}
