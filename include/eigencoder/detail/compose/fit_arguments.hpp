#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/history.hpp>
#include <type_traits>

/// @file
/// What a call of `fit` gives, judged by types alone, so that a wrong call is one sentence instead of a list of
/// candidates.
namespace eigencoder::detail {

enum class FitFault { none, samples, optimizer, options };

/// The first fault of fit(samples, optimizer[, options]) or fit(inputs, targets, optimizer[, options]).
template <class Scalar, class... Given>
constexpr FitFault fit_fault() {
  constexpr std::size_t count = sizeof...(Given);
  constexpr bool optimizer[] = {Optimizer<std::remove_cvref_t<Given>>..., false};
  constexpr bool in_memory[] = {std::convertible_to<const std::remove_cvref_t<Given>&, View<Scalar>>..., false};
  constexpr bool fetched[] = {BatchLoaderOf<Given, Scalar>..., false};
  constexpr bool options[] = {std::convertible_to<const std::remove_cvref_t<Given>&, FitOptions<Scalar>>..., false};
  std::size_t first = 0;
  while (first < count && !optimizer[first]) ++first;
  if (first == count) return FitFault::optimizer;
  const bool one = first == 1 && (in_memory[0] || fetched[0]), two = first == 2 && in_memory[0] && in_memory[1];
  if (!one && !two) return FitFault::samples;
  if (count > first + 2 || (count == first + 2 && !options[first + 1])) return FitFault::options;
  return FitFault::none;
}

/// The calls of `fit` that do not compile, each with the sentence that says why. Options in braces have no type, so
/// each number of arguments before them has an overload. Options that are themselves misspelled are left to the compiler.
template <class Scalar>
class WrongFit {
  using Options = FitOptions<Scalar>;

 public:
  template <class... Given>
    requires(fit_fault<Scalar, Given&&...>() != FitFault::none)
  History fit(Given&&...) {
    return refuse<fit_fault<Scalar, Given&&...>()>();
  }
  template <class A>
    requires(fit_fault<Scalar, A&&, Options>() != FitFault::none)
  History fit(A&&, const Options&) {
    return refuse<fit_fault<Scalar, A&&, Options>()>();
  }
  template <class A, class B>
    requires(fit_fault<Scalar, A&&, B&&, Options>() != FitFault::none)
  History fit(A&&, B&&, const Options&) {
    return refuse<fit_fault<Scalar, A&&, B&&, Options>()>();
  }
  template <class A, class B, class C>
    requires(fit_fault<Scalar, A&&, B&&, C&&, Options>() != FitFault::none)
  History fit(A&&, B&&, C&&, const Options&) {
    return refuse<fit_fault<Scalar, A&&, B&&, C&&, Options>()>();
  }

 private:
  template <FitFault fault>
  static History refuse() {
    static_assert(fault != FitFault::samples,
                  "eigencoder: fit begins with samples, or inputs and targets, in memory (Eigen matrices, views, data "
                  "sets), or with one Stream that is not const");
    static_assert(fault != FitFault::optimizer,
                  "eigencoder: fit takes an optimizer behind the samples: model.fit(samples, Adam{})");
    static_assert(fault != FitFault::options,
                  "eigencoder: behind the optimizer fit takes options alone (Model::Options), in braces: "
                  "model.fit(samples, Adam{}, {.epochs = 20, .observer = ProgressBar{}})");
    return {};
  }
};

}  // namespace eigencoder::detail
