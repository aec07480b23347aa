#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/core/view.hpp>
#include <eigencoder/data/feed.hpp>
#include <eigencoder/optimizers/concepts.hpp>
#include <eigencoder/training/options.hpp>
#include <type_traits>

/// @file
/// What a call of `fit` gives, judged by types alone, so that a wrong call is one sentence instead of a list of
/// candidates.
namespace eigencoder::detail {

/// A `Stream`, or another source that is fetched from.
template <class Data, class Scalar>
concept FeedOf = std::derived_from<std::remove_cvref_t<Data>, Feed<Scalar>>;

enum class FitFault { none, samples, optimizer, options };

/// The first fault of fit(samples, optimizer[, options]) or fit(inputs, targets, optimizer[, options]).
template <class Scalar, class... Given>
constexpr FitFault fit_fault() {
  constexpr std::size_t count = sizeof...(Given);
  constexpr bool optimizer[] = {Optimizer<Given>..., false};
  constexpr bool samples[] = {(std::convertible_to<const Given&, View<Scalar>> || FeedOf<Given, Scalar>)..., false};
  constexpr bool options[] = {std::convertible_to<const Given&, FitOptions<Scalar>>..., false};
  std::size_t first = 0;
  while (first < count && !optimizer[first]) ++first;
  if (first == count) return FitFault::optimizer;
  if (first < 1 || first > 2 || !samples[0] || !samples[first - 1]) return FitFault::samples;
  if (count > first + 2 || (count == first + 2 && !options[first + 1])) return FitFault::options;
  return FitFault::none;
}

/// Does not compile, and says why.
template <FitFault fault>
constexpr void refuse_fit() {
  static_assert(fault != FitFault::samples,
                "eigencoder: fit begins with samples, or inputs and targets: Eigen matrices, views, data sets or a Stream");
  static_assert(fault != FitFault::optimizer,
                "eigencoder: fit takes an optimizer behind the samples: model.fit(samples, Adam{})");
  static_assert(fault != FitFault::options,
                "eigencoder: behind the optimizer fit takes options alone, in braces: "
                "model.fit(samples, Adam{}, {.epochs = 20, .observer = ProgressBar{}})");
}

}  // namespace eigencoder::detail
