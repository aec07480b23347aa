#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <eigencoder/anomaly/detector_file.hpp>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "tiny_models.hpp"

using namespace eigencoder;

namespace {

/// Corrects the checksum, which random changes would never match.
std::vector<std::uint8_t> repaired(std::span<const std::uint8_t> file) {
  std::vector<std::uint8_t> bytes(file.begin(), file.end());
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) return bytes;
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > bytes.size() - sizeof length) return bytes;
  const std::span data = std::span(bytes).subspan(sizeof length + static_cast<std::size_t>(length));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + sizeof length,
                              static_cast<std::size_t>(length));
  constexpr std::string_view before = R"("eigencoder.checksum":")";
  const std::size_t found = text.find(before);
  const auto header = detail::parse_safetensors_header(detail::without_blanks(text), data.size());
  if (found == text.npos || found + before.size() + 8 > text.size() || !header.error.empty()) return bytes;
  const std::string checksum = detail::checksum_text(detail::crc32(data), header.metadata);
  std::copy(checksum.begin(), checksum.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(sizeof length + found + before.size()));
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static TinyDetector detector = tiny_detector();
  fuzz([&] {
    const std::string name = input_name;
    const auto file = detail::parse_safetensors(repaired({data, size}), name);
    const DetectorMetadata metadata = detail::DetectorReader(file, name).metadata();
    if (!metadata.names.empty() && static_cast<Index>(metadata.names.size()) != metadata.value_count) std::abort();
    auto learned = detail::read_detector(detector, file, name, metadata);
    for (const double scale : learned.scaling.scale)
      if (!(scale > 0)) std::abort();
    if (learned.calibration.empty() || !std::is_sorted(learned.calibration.begin(), learned.calibration.end()))
      std::abort();
    detail::DetectorAccess::state(detector) = std::move(learned);
    try {
      const double score = detector.score(MatrixX<float>::Ones(2, 1).eval()).front();
      if (std::isnan(score) || std::isnan(detector.p_value_of(score))) std::abort();
    } catch (const DataError&) {  // once it is scaled, the sample may be too large
    }
  });
  return 0;
}
