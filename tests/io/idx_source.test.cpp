// Training from IDX files that stay where they are.
#include <eigencoder/io/idx.hpp>
#include <eigencoder/io/idx_source.hpp>

#include "catch.hpp"
#include "deflated.hpp"
#include "file_sources.hpp"
#include "temporary_folder.hpp"
#include "thrown.hpp"

using namespace eigencoder;

static_assert(RandomAccessSource<IdxSource> && RandomAccessSource<IdxSource, double>);

namespace {

/// 31 images of 4 x 5.
std::vector<std::uint8_t> images() {
  std::vector<std::uint8_t> bytes{0, 0, 8, 3, 0, 0, 0, 31, 0, 0, 0, 4, 0, 0, 0, 5};
  for (int i = 0; i < 31 * 20; ++i) bytes.push_back(static_cast<std::uint8_t>(i * i / 3));
  return bytes;
}

}  // namespace

TEST_CASE("from an IDX file a model learns the same bits as from its images in memory", "[idx_source]") {
  const TemporaryFolder folder;
  const std::string path = folder.put("images", images());
  IdxSource source(path);
  CHECK(source.size() == 31);
  CHECK(source.shape() == Shape{4, 5, 1});
  CHECK(learns_the_same<Small<20>>(std::move(source), read_idx_images(path).samples));
}

TEST_CASE("an IDX file that is not whole, or packed, is no source", "[idx_source]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::vector<std::uint8_t>& bytes) {
    const std::string path = folder.put("images", bytes);
    return thrown<FileError>([&] { IdxSource{path}; });
  };
  const std::vector<std::uint8_t> whole = images();
  for (std::size_t size = 0; size < whole.size(); size += size < 40 ? 1 : 37)
    REQUIRE(says(refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}), {"images'"}));
  std::vector<std::uint8_t> wrong = whole;
  wrong.push_back(0);
  CHECK(says(refused(wrong), {"bytes follow"}));
  wrong = whole;
  wrong[4] = wrong[8] = wrong[12] = 0xFF;
  CHECK(says(refused(wrong), {"claims more"}));
  wrong = whole;
  wrong[3] = 1;
  CHECK(says(refused(wrong), {"not an IDX file of images"}));
#if EIGENCODER_HAS_ZLIB
  CHECK(says(refused(gzipped(whole)), {"gzipped", "unpack it"}));
#endif
  const std::string path = folder.put("images", whole);
  CHECK(says(message_of_shrunk(IdxSource(path), path), {"images'", "shorter"}));
}
