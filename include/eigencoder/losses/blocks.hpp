#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/block.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder {

/// Blocks of columns with losses of their own, in the order of a sample's values: the sum of each block's weight times
/// its loss. For samples that are rows of a table:
///
///     Autoencoder model{Encoder{Input{6}, Dense{32}, Relu{}, Dense{4}}, Mirror{},
///                       Blocks{{{"price", 1, BlockLoss::gaussian}, {"color", 5, BlockLoss::categorical}}}};
///
/// - Outputs are logits in Bernoulli and categorical blocks, so that no `Sigmoid` may stand last, whatever the blocks:
///   the model's type does not know them. The mean is that of each block's loss.
/// - `EpochReport::terms` and `Evaluation::terms` have the mean loss of each block by its name, not weighted: with
///   weights of 1 the loss is their sum, if all have names.
/// - Neighboring blocks of the same loss and weight are computed together: hundreds of them cost little.
/// - Its loss is neither a likelihood, since blocks have weights, nor separable; `export_header` does not support it.
/// - The learned values are the logarithms of the variances of all Gaussian columns, 0 at first; see `LearnedLoss` and
///   `lowest_log_variance`. Used as a loss directly it is the one at variances of 1.
/// - Targets that are NaN, unknown, can be left out (see `SkipsUnknown`): a categorical block is known if its first
///   value is.
struct Blocks {
  std::vector<Block> blocks = {};  ///< their sizes sum to the size of a sample

  /// As every `LearnedLoss` that `ReportsTerms` and `SkipsUnknown`.
  ///@{
  static constexpr std::string_view name = "Blocks";
  static constexpr std::string_view range = "what the loss of each block takes";
  static constexpr bool takes_logits = true;

  Index learned_count(Index) const {
    Index count = 0;
    for (const Block& block : blocks) count += block.loss == BlockLoss::gaussian ? block.size : 0;
    return count;
  }
  double initial_value(Index) const { return 0; }
  template <class Scalar>
  LearnedBlocks<Scalar> at(const Scalar* log_variances) const { return {blocks, log_variances}; }

  template <class Scalar>
  double value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size, Index channels,
                            double scale, double* terms = nullptr) const {
    return at<Scalar>(nullptr).value_and_gradient(output, target, delta, size, channels, scale, terms);
  }
  template <class Scalar>
  double known_value_and_gradient(const Scalar* output, const Scalar* target, Scalar* delta, Index size,
                                  Index channels, double scale, double* terms = nullptr) const {
    return at<Scalar>(nullptr).known_value_and_gradient(output, target, delta, size, channels, scale, terms);
  }

  template <class Scalar>
  void add_derivatives(const Scalar* output, const Scalar* target, const Scalar* log_variances, Index, double scale,
                       double* sums) const {
    at(log_variances).add_derivatives(output, target, scale, sums);
  }

  template <class Scalar>
  void to_mean(Scalar* output, Index, Index) const {
    for (const Block& block : blocks) {
      if (block.loss == BlockLoss::bernoulli) Bernoulli{}.to_mean(output, block.size, block.size);
      if (block.loss == BlockLoss::categorical) Categorical{}.to_mean(output, block.size, block.size);
      output += block.size;
    }
  }

  template <class Scalar>
  bool is_valid_target(const Scalar* target, Index, Index) const { return first_invalid(target, false) < 0; }
  template <class Scalar>
  bool is_valid_known_target(const Scalar* target, Index, Index) const { return first_invalid(target, true) < 0; }
  /// The range that the first invalid block of a target breaks; NaN is valid where it may stand for unknown.
  template <class Scalar>
  [[gnu::cold]] std::string range_of(const Scalar* target, Index) const {
    const Index invalid = first_invalid(target, true);
    if (invalid < 0) return std::string(range);
    const Block& block = blocks[static_cast<std::size_t>(invalid)];
    const auto& of_block = block.loss == BlockLoss::bernoulli ? Bernoulli::range : Categorical::range;
    return std::string(of_block) + " in " + label(static_cast<std::size_t>(invalid));
  }

  std::vector<std::string> term_names() const {
    std::vector<std::string> names;
    for (const Block& block : blocks)
      if (!block.name.empty()) names.push_back(block.name);
    return names;
  }

  /// A line for each block, as a model file's architecture has them: "loss.0: gaussian of 1, 'price'".
  [[gnu::cold]] std::string description() const {
    std::string text;
    for (std::size_t i = 0; i < blocks.size(); ++i)
      text += "loss." + std::to_string(i) + ": " + loss_name(blocks[i].loss) + " of " +
              std::to_string(blocks[i].size) + ", '" + detail::escaped(blocks[i].name) + "'\n";
    return text;
  }

  /// @throws OptionError for no block, a size below 1, a weight below 0, weights that are all 0 and a name given twice
  [[gnu::cold]] void validate() const {
    detail::require_option(!blocks.empty(), "Blocks.blocks",
                           "hold at least one block, such as {\"price\", 1, BlockLoss::gaussian}");
    bool any_weight = false;
    for (const Block& block : blocks)
      for (const Block* other = blocks.data(); other != &block; ++other)
        if (!block.name.empty() && other->name == block.name)
          throw OptionError(detail::message({"two blocks of Blocks have the name '", detail::escaped(block.name), "'"}));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::string option = "Blocks: " + label(i) + ": its ";
      detail::require_at_least((option + "size").c_str(), 1, blocks[i].size);
      detail::require_nonnegative((option + "weight").c_str(), blocks[i].weight);
      detail::require_option(loss_name(blocks[i].loss) != "", (option + "loss").c_str(), "be a BlockLoss");
      any_weight = any_weight || blocks[i].weight > 0;
    }
    detail::require_option(any_weight, "Blocks.blocks", "hold a block whose weight is not 0");
  }

  /// @throws CompositionError unless the blocks' sizes sum to `size`
  [[gnu::cold]] void validate_size(Index size) const {
    double sum = 0;  // a sum of any sizes
    for (const Block& block : blocks) sum += static_cast<double>(block.size);
    if (sum == static_cast<double>(size)) return;
    throw CompositionError(detail::message({"the sizes of the blocks must sum to the size of a sample. Blocks: got ",
                                            static_cast<long long>((std::min)(sum, 0x1p53)), " values in ",
                                            blocks.size(), " blocks, expected ", size}));
  }
  ///@}

 private:
  static std::string loss_name(BlockLoss loss) {
    switch (loss) {
      case BlockLoss::squared_error: return "squared_error";
      case BlockLoss::bernoulli: return "bernoulli";
      case BlockLoss::categorical: return "categorical";
      case BlockLoss::gaussian: return "gaussian";
    }
    return "";
  }

  /// "block 3, 'color'"
  [[gnu::cold]] std::string label(std::size_t i) const {
    std::string text = "block " + std::to_string(i);
    if (!blocks[i].name.empty()) text += ", '" + detail::escaped(blocks[i].name) + "'";
    return text;
  }

  /// The first block whose targets are outside its range; -1 if there is none. `unknown`: whether NaN is legal, value
  /// by value, or for a whole categorical block.
  template <class Scalar>
  Index first_invalid(const Scalar* target, bool unknown) const {
    const auto is_unknown = [](Scalar value) { return (std::isnan)(value); };
    Index index = 0;
    for (const Block& block : blocks) {
      const Scalar* const end = target + block.size;
      if (block.loss == BlockLoss::categorical && !(unknown && std::all_of(target, end, is_unknown)) &&
          !Categorical{}.is_valid_target(target, block.size, block.size))
        return index;
      if (block.loss == BlockLoss::bernoulli)
        for (const Scalar* t = target; t != end; ++t)
          if (!(unknown && is_unknown(*t)) && !Bernoulli{}.is_valid_target(t, 1, 1)) return index;
      target = end;
      ++index;
    }
    return -1;
  }
};

}  // namespace eigencoder
