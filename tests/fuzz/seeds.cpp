// Writes the seeds of the fuzzers, a folder for each target: small files, valid and nearly valid.
#include <cstddef>
#include <cstdio>
#include <eigencoder/image/picture.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/exif_builder.hpp"
#include "support/jpeg_builder.hpp"
#include "support/png_builder.hpp"
#include "support/deflated.hpp"
#include "support/malformed.hpp"
#include "support/npy_bytes.hpp"
#include "support/zip_builder.hpp"

#if __has_include(<nlohmann/json.hpp>)
#include <eigencoder/anomaly/detector_file.hpp>

#include "tiny_models.hpp"
#endif

namespace {

using Seeds = std::vector<Bytes>;

Bytes text(const std::string& letters) { return {letters.begin(), letters.end()}; }

/// The seeds and a gzipped copy of the first one.
Seeds and_gzipped(Seeds seeds) {
#if EIGENCODER_HAS_ZLIB
  seeds.push_back(gzipped(seeds.front()));
#endif
  return seeds;
}

Seeds npy_seeds() {
  Seeds seeds;
  for (const char* type : {"<f2", ">f2", "<f4", ">f4", "=f4", "<f8", ">f8", "|u1", "<u2", ">i4", "<i8", "|b1"}) {
    Bytes values;
    for (int i = 0; i < 6 * (type[2] - '0'); ++i) values.push_back(static_cast<std::uint8_t>(40 * i));
    for (const char* shape : {"(2, 3)", "(6,)", "(1, 2, 3)", "(3, 1, 2, 1)"})
      seeds.push_back(npy(dictionary(type, shape, shape[1] == '2'), values));
  }
  seeds.push_back(npy(dictionary("|u1", "(1, 1)"), {7}, 2));
  seeds.push_back(npy(dictionary("|u1", "(1, 1)"), {7}, 3));
  seeds.push_back(npy("{u'descr': '<i2', 'fortran_order': False, 'shape': (3L, 1L), }\n", {1, 0, 2, 0, 3, 0}));
  seeds.push_back(npy(dictionary("<f4", "(1, 2)"), {0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x7F}));  // NaN, infinity
  seeds.push_back(npy(dictionary("|O", "(1,)"), {7}));
  seeds.push_back(npy(dictionary("|u1", "(4294967296, 4294967296)"), {7}));
  seeds.push_back(npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}\n", {0, 0, 0, 0}));
  return and_gzipped(seeds);
}

Seeds npz_seeds() {
  const Bytes codes = npy(dictionary("|u1", "(2, 3)"), {1, 2, 3, 4, 5, 6});
  const Bytes labels = npy(dictionary("|u1", "(1,)"), {7});
  Zip stored;
  stored.store("x.npy", codes);
  stored.store("y.npy", labels);
  stored.comment = "text";
  Zip longer = stored;
  longer.long_end = true;
  longer.members[0].long_sizes = true;
  Zip wrong = stored;
  wrong.members[1].size = 0xFFFFFFFE;
  Seeds seeds{stored.bytes(), longer.bytes(), wrong.bytes(), Zip{}.bytes()};
#if EIGENCODER_HAS_ZLIB
  Zip packed;
  packed.deflate("x.npy", codes);
  packed.deflate("zeros.npy", npy(dictionary("|u1", "(1, 65536)"), Bytes(65536)));
  seeds.push_back(packed.bytes());
#endif
  return seeds;
}

Seeds idx_seeds() {
  Seeds seeds{{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 102, 153, 204},
              {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255},
              {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1},
              {0, 0, 8, 1, 0, 0, 0, 0}};
  const std::pair<std::uint8_t, int> types[]{{0x09, 1}, {0x0B, 2}, {0x0C, 4}, {0x0D, 4}, {0x0E, 8}};
  for (const auto& [type, width] : types)
    for (const std::uint8_t axes : Bytes{1, 2, 4}) {
      Bytes file{0, 0, type, axes, 0, 0, 0, 2};
      for (int axis = 1; axis < axes; ++axis) file.insert(file.end(), {0, 0, 0, 1});
      for (int i = 0; i < 2 * width; ++i) file.push_back(static_cast<std::uint8_t>(60 * i));
      seeds.push_back(file);
    }
  return and_gzipped(seeds);
}

Seeds csv_seeds() {
  return and_gzipped({text("a,b,label\n1,-2.5,cat\n3e-4,NaN,dog\n"),
                      text("b;a;label\r\n1;2;3\r\n4;5;6\r\n\r\n"),
                      text("7,1,2\n8,,0.5\n9,NA,-inf\n"),
                      text("\xEF\xBB\xBF\"a \"\"b\"\"\",\"c\nd\"\n1,\"2\"\n"),
                      text("# x\na;b\n1,5;?\n#\n-,25;1.5\n"),
                      text("a,b\r1,2\r"),
                      text("a\n1\r\r\n"),
                      {0xFF, 0xFE, 'a', 0, '\n', 0, '1', 0},
                      {0, 'a', 0, '\n', 0, '1'},
                      text("a\n1,5\n"),
                      text("a\n1e999\n"),
                      text("a,b\n1\n"),
                      text("\"a\n"),
                      text("a\n\n1\n")});
}

Seeds table_seeds() {
  Seeds seeds = csv_seeds();
  for (const char* table :
       {"n,w,d\n1,a,2024-02-29\n-2.5,\"b\"\"\n\",\nNA,'=c,1999-12-31\n", "t\n2024-02-29T13:05:59.25Z\n1999-12-31 00:00+02:00\n",
        "a;b\n1,5;-\n#\n-;x\n", "'-a,\xEF\xBB\xBF\n1,\xC3\xA6\n", "w,n\na,1\nb,1\nc,2\nd,3\n",
        R"({"format":"eigencoder table 1","columns":[{"name":"n","kind":"number","scaling":"standard","offset":1,"scale":2,)"
        R"("cells":[3,0,0]},{"name":"q","kind":"number","scaling":"quantile","quantiles":[1,2],"cells":[3,0,0]},)"
        R"({"name":"w","kind":"category","of_numbers":false,"words":["a"],"cells":[3,0,2]},)"
        R"({"name":"h","kind":"hashed","of_numbers":true,"words":["1"],"cells":[3,0,0]},)"
        R"({"name":"d","kind":"date","offset":0,"scale":1,"time":true,"utc":true,"seconds":true,"digits":2,)"
        R"("separator":"T","cells":[3,0,0]}],"ignored":["i"],"refuse_extra_columns":false})"})
    seeds.push_back(text(table));
  return seeds;
}

Bytes jpeg(eigencoder::Index height, eigencoder::Index width) {
  eigencoder::Picture picture{height, width, {}};
  for (eigencoder::Index i = 0; i < height * width * 3; ++i) picture.rgb.push_back(static_cast<std::uint8_t>(i * i));
  Bytes out;
  const auto append = [](void* to, void* data, int size) {
    auto& bytes = *static_cast<Bytes*>(to);
    bytes.insert(bytes.end(), static_cast<std::uint8_t*>(data), static_cast<std::uint8_t*>(data) + size);
  };
  eigencoder::detail::stb::stbi_write_jpg_to_func(append, &out, static_cast<int>(width), static_cast<int>(height), 3,
                                                  picture.rgb.data(), 50);
  return out;
}

/// Makes a JPEG progressive: changes its marker, and limits its only scan to the means of the blocks.
Bytes progressive(Bytes bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] != 0xFF) continue;
    if (bytes[i + 1] == 0xC0) bytes[i + 1] = 0xC2;
    if (bytes[i + 1] == 0xDA && i + 12 < bytes.size()) bytes[i + 12] = 0;
  }
  return bytes;
}

Seeds image_seeds() {
  Seeds seeds;
  for (const std::uint8_t depth : Bytes{1, 2, 4, 8, 16})
    for (const std::uint8_t color : Bytes{0, 2, 3, 4, 6})
      for (const bool interlaced : {false, true}) {
        Png png{.width = 3, .height = 2, .depth = depth, .color = color, .interlaced = interlaced};
        if (color == 3) png.palette = {9, 8, 7, 6, 5, 4, 3, 2, 1};
        if (color == 3) png.transparency = {255, 0};
        if (color == 0) png.transparency = {0, 1};
        const int values = color == 2 ? 3 : color == 4 ? 2 : color == 6 ? 4 : 1;
        const auto add_row = [&](int width) {
          png.rows.push_back(static_cast<std::uint8_t>(png.rows.size() % 5));  // the filter
          const int bytes = (width * values * depth + 7) / 8;
          for (int i = 0; i < bytes; ++i) png.rows.push_back(static_cast<std::uint8_t>(67 * i));
        };
        for (const int width : interlaced ? std::vector{1, 1, 2, 1, 3} : std::vector{3, 3}) add_row(width);
        seeds.push_back(png.bytes());
      }
  for (const std::uint32_t orientation : {1U, 2U, 3U, 6U, 8U}) {  // of EXIF data
    const bool little_endian = orientation % 2 == 0;
    Bytes png = Png{.width = 3, .height = 2, .color = 0, .rows = {0, 1, 2, 3, 0, 4, 5, 6}}.bytes();
    const Bytes chunk = png_chunk("eXIf", exif_data(orientation, little_endian));
    png.insert(png.begin() + 8 + 25, chunk.begin(), chunk.end());
    seeds.push_back(png);
    Jpeg turned = small_jpeg(1, 2);
    turned.before = jpeg_segment(0xE1, exif_segment_data(exif_data(orientation, little_endian)));
    seeds.push_back(turned.bytes());
  }
  for (const int frame : {0xC0, 0xC2}) {
    Jpeg inked{.components = {{1, 1, 1, {9}}, {2, 1, 1, {8}}, {3, 1, 1, {7}}, {4, 1, 1, {6}}}};
    inked.before = adobe_segment(frame == 0xC0 ? 0 : 2);
    inked.frame = frame;
    seeds.push_back(inked.bytes());
    Jpeg restarted = small_jpeg(1, 1);
    restarted.frame = frame;
    restarted.restart = 1;
    seeds.push_back(restarted.bytes());
  }
  Bytes apples = Png{.width = 2, .color = 6, .rows = {0, 0, 50, 100, 128, 0, 0, 0, 0}}.bytes();
  const Bytes mark = png_chunk("CgBI", {0x50, 0, 0x20, 2});
  apples.insert(apples.begin() + 8, mark.begin(), mark.end());
  seeds.push_back(apples);
  seeds.push_back(Png{.width = 65535, .height = 65535, .depth = 16, .color = 6, .rows = {0, 1, 2}}.bytes());
  for (const eigencoder::Index side : {1, 9, 20}) {
    seeds.push_back(jpeg(side, 17));
    seeds.push_back(progressive(jpeg(side, 17)));
  }
  return seeds;
}

Seeds safetensors_seeds() {
  const auto tensor = [](const std::string& type, const std::string& shape, const std::string& end) {
    return R"({"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" + end + "]}";
  };
  Seeds seeds{safetensors_bytes("{}", 0), safetensors_bytes(R"({"w":)" + tensor("F32", "[2]", "8") + "}", 8),
              safetensors_bytes(R"({"__metadata__":{"key":"\u00e4"},"w":)" + tensor("F64", "[]", "8") +
                                    R"(,"v":{"dtype":"I8","shape":[0,3],"data_offsets":[8,8]}}   )",
                                8)};
  for (const MalformedFile& file : malformed_safetensors())
    if (file.bytes.size() < 4096) seeds.push_back(file.bytes);
#if __has_include(<nlohmann/json.hpp>)
  using eigencoder::detail::DType;
  for (const auto type : {DType::F16, DType::BF16, DType::F32, DType::F64})
    for (const char* prefix : {"", tiny_prefix}) {
      seeds.push_back(foreign_file(TinySelection(), type, prefix));
      seeds.push_back(foreign_file(TinyCodebook(), type, prefix));
    }
#endif
  return seeds;
}

Seeds detector_seeds() {
  Seeds seeds;
#if __has_include(<nlohmann/json.hpp>)
  TinyDetector detector = tiny_detector();
  detector.fit(eigencoder::MatrixX<float>::Random(2, 20).eval(), eigencoder::Adam{}, {.epochs = 1});
  const std::string path = (std::filesystem::temp_directory_path() / "eigencoder-detector-seed").string();
  for (const std::vector<std::string>& names : {std::vector<std::string>{}, {"a", "\"b\"\n"}}) {
    save(detector, path, {.metadata = {{"key", "value"}}, .names = names});
    seeds.push_back(eigencoder::detail::read_file(path));
  }
  std::filesystem::remove(path);
#endif
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: seeds <folder>\n", stderr);
    return 2;
  }
  const std::map<std::string, Seeds> targets{{"npy", npy_seeds()},     {"npz", npz_seeds()},
                                             {"idx", idx_seeds()},     {"csv", csv_seeds()},
                                             {"image", image_seeds()}, {"safetensors", safetensors_seeds()},
                                             {"detector", detector_seeds()},
                                             {"table", table_seeds()}};
  for (const auto& [target, seeds] : targets) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / target;
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < seeds.size(); ++i)
      eigencoder::detail::write_file((folder / ("seed-" + std::to_string(i))).string(), seeds[i]);
  }
}
