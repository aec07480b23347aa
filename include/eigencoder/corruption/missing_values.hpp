#pragma once

#include <algorithm>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <limits>
#include <string_view>
#include <vector>

namespace eigencoder {

/// The encoder sees values alone: an unknown one looks like a 0.
struct WithoutMask {
  static constexpr bool feeds_mask = false;  ///< no mask
};
/// The encoder's input has twice the channels: after the values of a pixel, or of a flat sample, follow as many that
/// are 1 where a value is known and 0 where it is not. A `Mirror` ends with the values alone, unless a layer before the
/// first linear one has changed the shape; a `TiedMirror` cannot.
struct MaskAsInput {
  static constexpr bool feeds_mask = true;  ///< values and mask
};

/// The policy under which NaN in the data stands for an unknown value: in training, evaluation and inference the
/// encoder gets 0 for it, which is the mean of data that is scaled (scalings learn from known values, see `Unknown`),
/// and as a target it costs nothing and gives no gradient. So losses are sums over the known values, and `mse` is a
/// mean over them: a sample with gaps has a smaller loss than a complete one, also where `FitOptions::trim` ranks them.
/// Where nothing is unknown or hidden, everything is bit for bit as without the policy and its mask.
///
///     Autoencoder model{Encoder{Input{d}, Dense{64}, Silu{}, Dense{d}}, Mirror{}, SquaredError{},
///                       MissingValues{.drop_rate = 0.3}};
///     model.fit(samples, Adam{}, {.epochs = 100});
///     MatrixX<float> complete = impute(model, samples);
///
/// For losses that treat each value by itself (`SeparableLoss`), or skip unknown values (`SkipsUnknown`). A corruption
/// leaves unknown values unknown; a corruption or augmentation that mixes values, such as `Blur`, makes the mixture of
/// an unknown one unknown; `Contractive` counts the mask among the inputs. `fit` throws `DataError` for a sample of
/// which nothing is known, and, of samples in memory, for a value that is unknown in all.
///
/// Sources: Nazabal et al., "Handling incomplete heterogeneous data using VAEs" (2020), section 2.2, zeros for unknown
/// inputs and the likelihood of the known values; Vincent et al., "Extracting and composing robust features with
/// denoising autoencoders" (2008), section 2.3, for hidden values.
template <class Mask = WithoutMask>
struct MissingValues {
  /// In training, the probability that a known value of an input is hidden, so that the model learns to predict unknown
  /// values from others, in [0, 1).
  double drop_rate = 0;
  /// The numbers of neighboring values that are hidden together, such as the one-hot values of a word, in their order;
  /// what they leave of a sample is hidden value by value.
  std::vector<Index> groups = {};

  /// As every policy that `AllowsMissing`.
  ///@{
  static constexpr std::string_view kind = "MissingValues";
  static constexpr Index at_layer = AllLayers::at_layer;
  static constexpr bool feeds_mask = Mask::feeds_mask;

  void validate() const {
    detail::require_probability("MissingValues.drop_rate", drop_rate);
    if (drop_rate == 1) throw OptionError("eigencoder: MissingValues.drop_rate must be less than 1: nothing is left");
    for (const Index size : groups) detail::require_at_least("MissingValues.groups", 1, size);
  }

  template <class Stack, class Loss>
  constexpr Diagnosis diagnose_stack(const Stack&, const Loss& loss) const {
    if constexpr (SeparableLoss<Loss> || SkipsUnknown<Loss>)
      return {};
    else
      return {Rule::policy_applies, kind, detail::part_name(loss),
              "a loss that treats each value by itself, such as SquaredError"};
  }

  template <class Scalar>
  void hide(Scalar* sample, Shape shape, Random& random) const {
    if (drop_rate == 0) return;
    const Index size = shape.size();
    std::size_t group = 0;
    for (Index first = 0; first < size;) {
      const Index count = group < groups.size() ? (std::min)(groups[group++], size - first) : 1;
      if (random.bernoulli(drop_rate))
        std::fill_n(sample + first, count, std::numeric_limits<Scalar>::quiet_NaN());
      first += count;
    }
  }
  ///@}
};

}  // namespace eigencoder
