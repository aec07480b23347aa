#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A file that looks like safetensors and must be refused.
struct MalformedFile {
  std::string name;
  std::vector<std::uint8_t> bytes;
  std::string words;  ///< part of the error
};

/// A safetensors file of a header and `size` bytes of data, which states `length` as that of its header.
inline std::vector<std::uint8_t> safetensors_bytes(std::string_view header, std::size_t size, std::uint64_t length) {
  std::vector<std::uint8_t> bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<std::uint8_t>(length >> shift));
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  return bytes;
}
inline std::vector<std::uint8_t> safetensors_bytes(std::string_view header, std::size_t size) {
  return safetensors_bytes(header, size, header.size());
}

/// The corpus; each file has one defect.
inline std::vector<MalformedFile> malformed_safetensors() {
  const auto repeated = [](std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  // The header of one tensor.
  const auto tensor = [](std::string_view type, std::string_view shape, std::string_view offsets) {
    return R"({"w":{"dtype":)" + std::string(type) + R"(,"shape":)" + std::string(shape) + R"(,"data_offsets":)" +
           std::string(offsets) + "}}";
  };
  const auto shaped = [&](std::string_view shape, std::string_view offsets = "[0,8]") {
    return tensor("\"F32\"", shape, offsets);
  };
  const auto two = [](std::string_view a, std::string_view b) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + std::string(a) +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + std::string(b) + "}}";
  };
  const std::string good = shaped("[2]");
  constexpr std::uint64_t largest = ~std::uint64_t{0};

  std::vector<MalformedFile> all;
  const auto add = [&](std::string name, std::vector<std::uint8_t> bytes, std::string words) {
    all.push_back({std::move(name), std::move(bytes), std::move(words)});
  };
  const auto header = [&](std::string name, std::string_view text, std::string words) {
    add(std::move(name), safetensors_bytes(text, 8), std::move(words));
  };

  add("nothing", {}, "it has 0 bytes, too short");
  add("seven bytes", {1, 0, 0, 0, 0, 0, 0}, "it is cut off or no safetensors file: it has 7 bytes");
  add("no header", safetensors_bytes("", 0), "not a JSON object");
  add("length 0", safetensors_bytes(good, 8, 0), "not a JSON object");
  add("length 1", safetensors_bytes(good, 8, 1), "not a JSON object");
  add("length one too short", safetensors_bytes(good, 8, good.size() - 1), "not valid JSON");
  add("length one too long", safetensors_bytes(good, 8, good.size() + 1), "not a JSON object");
  add("length past the end", safetensors_bytes(good, 8, good.size() + 9), "of which the file holds");
  add("length over the limit", safetensors_bytes(good, 8, 100'000'001), "more than the limit");
  add("length 2^31", safetensors_bytes(good, 8, std::uint64_t{1} << 31), "more than the limit");
  add("length 2^63", safetensors_bytes(good, 8, std::uint64_t{1} << 63), "more than the limit");
  add("length wraps to 0", safetensors_bytes(good, 8, largest - 7), "more than the limit");
  add("length wraps to the end", safetensors_bytes(good, 8, largest), "more than the limit");
  add("data cut off", safetensors_bytes(good, 7), "cut off");
  add("no data", safetensors_bytes(good, 0), "cut off");
  add("trailing data", safetensors_bytes(good, 9), "1 byte of data belong to none");
  add("data without tensors", safetensors_bytes("{}", 8), "8 bytes of data belong to none");
  add("a picture", {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13}, "no safetensors file");

  header("an array", "[1]", "not a JSON object");
  header("leading blank", " " + good, "not a JSON object");
  header("byte order mark", "\xEF\xBB\xBF" + good, "not a JSON object");
  header("trailing newline", good + "\n", "not a JSON object");
  header("trailing zero byte", good + std::string(1, '\0'), "not a JSON object");
  header("hidden after a zero byte", good + std::string(1, '\0') + "}", "not a JSON object");
  header("two objects", good + "{}", "not valid JSON");
  header("a comment", "{/**/" + good.substr(1), "not valid JSON");
  header("trailing comma", good.substr(0, good.size() - 1) + ",}", "not valid JSON");
  header("cut off in a text", R"({"w}   })", "not valid JSON");
  header("not UTF-8 in a name", "{\"\xFF\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
         "not valid UTF-8");
  header("overlong UTF-8 in a text", "{\"__metadata__\":{\"a\":\"\xC0\xAF\"}}", "not valid UTF-8");
  header("a surrogate in UTF-8", "{\"__metadata__\":{\"a\":\"\xED\xA0\x80\"}}", "not valid UTF-8");
  header("half a surrogate pair", R"({"__metadata__":{"a":"\ud800"}})", "not valid JSON");
  header("not UTF-8 between tokens", "{\xFF}", "not valid JSON");

  const std::string nested = repeated("[", 100'000) + repeated("]", 100'000);
  header("100000 lists", "{\"w\":" + nested + "}", "out of proportion");
  add("100000 lists beside much data", safetensors_bytes("{\"w\":" + nested + "}", 2'000'000), "deep lists");
  add("100000 lists in a shape", safetensors_bytes(shaped(nested), 2'000'000), "deep lists");
  add("100000 objects", safetensors_bytes(repeated("{\"\":", 100'000) + "1" + repeated("}", 100'000), 6'000'000),
      "deep lists");
  add("50000 objects, cut off", safetensors_bytes("{" + repeated("\"\":{", 50'000) + "}", 6'000'000),
      "unknown field ''");
  add("50000 digits", safetensors_bytes("{\"w\":" + repeated("9", 50'000) + "}", 8), "deep lists, numbers");
  add("50000 line ends", safetensors_bytes("{" + repeated("\n", 50'000) + "x}", 8), "or blanks");
  header("1000 lists", "{\"w\":" + repeated("[", 1000) + repeated("]", 1000) + "}", "'w' is a list, not an object");
  header("2000 objects", repeated("{\"w\":", 2000) + "{}" + repeated("}", 2000), "unknown field 'w'");
  header("1000 lists in a shape", shaped(repeated("[", 1000) + repeated("]", 1000)),
         "shape of its tensor 'w' holds a list");
  header("objects in metadata", R"({"__metadata__":{"a":{"a":{}}}})", "'a' is an object, not a text");

  header("metadata is a list", R"({"__metadata__":[]})", "its metadata is a list");
  header("metadata is null", R"({"__metadata__":null})", "its metadata is null");
  header("a number in metadata", R"({"__metadata__":{"a":1}})", "'a' is 1, not a text");
  header("metadata twice", R"({"__metadata__":{},"__metadata__":{}})", "two '__metadata__'");
  header("a key of metadata twice", R"({"__metadata__":{"a":"1","b":"","\u0061":"1"}})", "the key 'a' twice");
  {
    std::string many = R"({"__metadata__":{"0":"")";
    for (int i = 1; i <= 1024; ++i) many += ",\"" + std::to_string(i) + "\":\"\"";
    header("1025 keys of metadata", many + "}}", "more than 1024 keys");
  }

  header("a tensor is a number", R"({"w":1})", "'w' is 1, not an object");
  header("a tensor is a text", R"({"w":"F32"})", "'w' is a text");
  header("no fields", R"({"w":{}})", "'w' has no dtype");
  header("no shape", R"({"w":{"dtype":"F32","data_offsets":[0,8]}})", "'w' has no shape");
  header("no offsets", R"({"w":{"dtype":"F32","shape":[2]}})", "'w' has no data_offsets");
  header("a field of its own", R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", "unknown field 'x'");
  header("dtype twice", R"({"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
         "dtype of its tensor 'w' is there twice");
  header("shape twice", R"({"w":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}})", "is there twice");
  header("a tensor twice",
         R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
         "two tensors 'w'");
  const std::string empty = R"("w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  header("an empty tensor twice",
         R"({"v":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)" + empty + "," + empty + "}", "two tensors 'w'");

  header("unknown dtype", tensor("\"F33\"", "[2]", "[0,8]"), "'F33'");
  header("lower-case dtype", tensor("\"f32\"", "[2]", "[0,8]"), "'f32'");
  header("half-byte dtype", tensor("\"F4\"", "[16]", "[0,8]"), "'F4'");
  header("dtype of another size", tensor("\"F64\"", "[2]", "[0,8]"), "takes 16");
  header("dtype is a number", tensor("32", "[2]", "[0,8]"), "dtype of its tensor 'w' is 32");
  header("dtype is a list", tensor("[\"F32\"]", "[2]", "[0,8]"), "dtype of its tensor 'w' is a list");

  header("shape is a number", shaped("2"), "shape of its tensor 'w' is 2");
  header("shape is a text", shaped("\"2\""), "shape of its tensor 'w' is a text");
  header("shape is null", shaped("null"), "shape of its tensor 'w' is null");
  header("shape of 1.0", shaped("[2.0]"), "'2.0'");
  header("shape of 2e0", shaped("[2e0]"), "'2e0'");
  header("shape of 1e3", shaped("[1e3]"), "'1e3'");
  header("shape of 1e999", shaped("[1e999]"), "too large");
  header("shape of 1000 digits", shaped("[" + repeated("9", 1000) + "]"), "too large");
  header("shape of -1", shaped("[-1]"), "-1");
  header("shape of -0", shaped("[2,-0]"), "not a plain whole number");
  header("shape of 2^64", shaped("[18446744073709551616]"), "'18446744073709551616'");
  header("shape of 02", shaped("[02]"), "not valid JSON");
  header("shape of +2", shaped("[+2]"), "not valid JSON");
  header("shape of 0x2", shaped("[0x2]"), "not valid JSON");
  header("shape of NaN", shaped("[NaN]"), "not valid JSON");
  header("shape of true", shaped("[true]"), "holds true");
  header("shape of a text", shaped("[\"2\"]"), "holds a text");
  header("shape of nothing", shaped("[]"), "takes 4");
  header("shape too small", shaped("[1]"), "takes 4");
  header("shape too large", shaped("[3]"), "takes 12");
  header("shape of 0", shaped("[0]"), "takes 0");
  header("shape of 2^64 - 1", shaped("[18446744073709551615]"), "too large");
  header("shape wraps to 8 bytes", shaped("[4611686018427387906]"), "too large");  // 2^62 + 2 of 4 bytes
  header("shape wraps to 2", shaped("[4294967296,4294967296,2]"), "too large");
  header("shape wraps before a 0", shaped("[4294967296,4294967296,0]", "[0,0]"), "too large");
  header("65 dimensions", shaped("[2" + repeated(",1", 64) + "]"), "more than 64 numbers");

  header("no offset", shaped("[2]", "[]"), "has 0 numbers instead of 2");
  header("one offset", shaped("[2]", "[8]"), "has 1 numbers instead of 2");
  header("three offsets", shaped("[2]", "[0,8,8]"), "has 3 numbers instead of 2");
  header("offset of -1", shaped("[2]", "[-1,7]"), "-1");
  header("offset of 0.0", shaped("[2]", "[0.0,8]"), "'0.0'");
  header("offset of 2^64", shaped("[2]", "[18446744073709551616,8]"), "'18446744073709551616'");
  header("reversed offsets", shaped("[2]", "[8,0]"), "ends before it begins");
  header("reversed offsets that wrap", shaped("[2]", "[18446744073709551608,0]"), "ends before it begins");
  header("offsets past the end", shaped("[2]", "[8,16]"), "cut off or damaged");
  header("offsets far past the end", shaped("[4611686018427387903]", "[0,18446744073709551612]"), "cut off or damaged");
  header("begins late", shaped("[1]", "[4,8]"), "gap of 4 bytes before its tensor 'w'");
  header("ends early", shaped("[1]", "[0,4]"), "4 bytes of data belong to none");
  header("a gap",
         R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}})",
         "gap of 1 byte before its tensor 'b'");
  header("an overlap", two("[0,4]", "[3,7]"), "'b' overlaps");
  header("the same data twice", two("[0,4]", "[0,4]"), "overlaps");
  header("one inside another",
         R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
         "'b' overlaps");
  header("an empty tensor inside another",
         R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}})",
         "'b' overlaps");
  header("a huge name", "{\"" + repeated("n", 50'000) + "\":1}", "nnn...' is 1, not an object");
  header("a wrong checksum", R"({"__metadata__":{"eigencoder.checksum":"00000000"},)" + good.substr(1),
         "checksum is wrong");
  header("a checksum of words", R"({"__metadata__":{"eigencoder.checksum":"good"},)" + good.substr(1),
         "checksum is wrong");
  return all;
}
