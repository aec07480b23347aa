// Training from IDX files that stay where they are.
#include <eigencoder/datasets/idx.hpp>

#include "support/catch.hpp"
#include "support/file_sources.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

static_assert(RandomAccessSource<IdxSource> && RandomAccessSource<IdxSource, double>);

namespace idx_source_test {
namespace {

/// 31 images of 4 x 5.
std::vector<std::uint8_t> images() {
  std::vector<std::uint8_t> bytes{0, 0, 8, 3, 0, 0, 0, 31, 0, 0, 0, 4, 0, 0, 0, 5};
  for (int i = 0; i < 31 * 20; ++i) bytes.push_back(static_cast<std::uint8_t>(i * i / 3));
  return bytes;
}

}  // namespace

TEST_CASE("from an IDX file a model learns the same bits as from its images in memory") {
  const TemporaryFolder folder;
  const std::string path = folder.put("images", images());
  IdxSource source(path);
  CHECK(source.size() == 31);
  CHECK(source.shape() == Shape{4, 5, 1});
  CHECK(learns_the_same<Small<20>>(std::move(source), read_idx_images(path).samples));
}

TEST_CASE("an IDX file that shrinks while it is read is named") {
  const TemporaryFolder folder;
  const std::string path = folder.put("images", images());
  CHECK(says(message_of_shrunk(IdxSource(path), path), {"images'", "shorter"}));
}

}  // namespace idx_source_test
