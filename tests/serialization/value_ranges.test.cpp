// The values of a file are checked for their ranges: no variance and no count is negative.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace {

using namespace eigencoder;

/// A layer of a user's own: its first statistic is a share, the others have any sign; then a block without ranges.
struct OwnStatistics : Dropout {
  static constexpr std::string_view tensors[] = {"share", "any"};
  constexpr Text name() const { return "OwnStatistics"; }
  void declare(ParameterLayout& layout, Index position, Shape) const {
    layout.add_statistics(position, 3, 0.5, {ValueRange{0, 1}, ValueRange{}});
    layout.add_statistics(position, 2, 0);
  }
};

/// The error of loading a model's file in which one value was changed before it was written; empty if there is none.
template <class Model>
std::string with_value(const std::string& tensor, std::size_t i, float value, const LoadOptions& options = {}) {
  const TemporaryFolder folder;
  Model model;
  auto tensors = detail::model_contents(model, {}).tensors;
  for (auto& t : tensors)
    if (t.name == tensor) std::memcpy(&t.bytes.at(i * sizeof value), &value, sizeof value);
  detail::write_safetensors(folder / "m", tensors, detail::model_metadata(detail::model_schema(model)));
  const Model before = model;
  const std::string message = thrown<FileError>([&] { load(model, folder / "m", options); });
  if (message.empty()) return "";
  CHECK(std::memcmp(model.statistics().data(), before.statistics().data(), model.statistics().size_bytes()) == 0);
  CHECK(says(message, {"cannot load '" + (folder / "m"), "its tensor '" + tensor + "' holds ",
                       " at value " + std::to_string(i)}));
  return message;
}

}  // namespace

TEST_CASE("statistics outside their layer's range are refused") {
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, JumpRelu, OwnStatistics, TopK<4>, BatchTopK<2>>,
                            Decoder<Dense<6>>, SquaredError>;
  const float below = -std::numeric_limits<float>::denorm_min();
  const auto error = [](const std::string& tensor, std::size_t i, float value) {
    return with_value<Model>(tensor, i, value);
  };
  CHECK(says(error("encoder.1.running_var", 3, -0.25F), {"holds -0.25 at value 3, which must be at least 0"}));
  CHECK_FALSE(error("encoder.1.running_var", 0, below).empty());
  CHECK(error("encoder.1.running_var", 4, 0).empty());
  CHECK(error("encoder.1.running_mean", 3, -0.25F).empty());
  for (const int layer : {2, 4, 5}) {
    const std::string counts = "encoder." + std::to_string(layer) + ".samples_since_fired";
    CHECK(says(error(counts, 2, -1), {"holds -1 at value 2", "at least 0 and at most 16777216"}));
    CHECK_FALSE(error(counts, 4, 1e30F).empty());
    CHECK(error(counts, 4, 16777216).empty());
  }
  CHECK(error("encoder.5.threshold", 0, -3).empty());  // the threshold of values that may be negative
  CHECK(says(error("encoder.5.threshold", 1, -0.5F), {"must be at least 0"}));
  CHECK(error("encoder.2.log_threshold", 1, -5).empty());
  CHECK(says(error("encoder.3.share", 0, 1.5F), {"must be at least 0 and at most 1"}));
  CHECK(error("encoder.3.share", 2, 1.5F).empty());
  CHECK(error("encoder.3.any", 1, -7).empty());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(error("encoder.1.running_var", 1, nan).empty());
  CHECK(with_value<Model>("encoder.1.running_var", 1, nan, {.allow_non_finite = true}).empty());
  CHECK_FALSE(with_value<Model>("encoder.1.running_var", 1, -1, {.allow_non_finite = true}).empty());
}

TEST_CASE("the counts of a codebook are not negative, and not all zero") {
  using Model = Autoencoder<Encoder<Input<4>, Dense<2>>, Decoder<Mirror>, SquaredError, VectorQuantized<3>>;
  CHECK(says(with_value<Model>("bottleneck.counts", 1, -2), {"holds -2 at value 1, which must be at least 0"}));
  const TemporaryFolder folder;
  Model model;
  for (Index i = 0; i < 3; ++i)
    model.statistics()[static_cast<std::size_t>(model.layout().statistics_block(0).offset + i)] = 0;
  auto tensors = detail::model_contents(model, {}).tensors;  // its codebook is not finite
  for (auto& t : tensors)
    if (t.name == "bottleneck.codebook") std::fill(t.bytes.begin(), t.bytes.end(), std::uint8_t{0});
  detail::write_safetensors(folder / "m", tensors, detail::model_metadata(detail::model_schema(model)));
  CHECK(says(thrown<FileError>([&] { load(model, folder / "m"); }), {"'bottleneck.codebook' is not that of"}));
}
