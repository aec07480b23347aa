#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <type_traits>

namespace eigencoder {

/// Overloads of `Autoencoder::fit` for wrong arguments. They do not compile, and the error is a sentence instead of a
/// list of candidates. Options in braces have no type, so there is an overload for each number of arguments before
/// them. A misspelled option gives the compiler's own error. `with_targets`: whether the model may learn from inputs
/// and targets, as no `Rbm` does.
template <class Scalar, bool with_targets = true>
class RefusedFit {
  using Options = FitOptions<Scalar>;
  enum class Fault { none, samples, targets, optimizer, options };

  /// What is wrong with these arguments for fit(samples, optimizer[, options]) or
  /// fit(inputs, targets, optimizer[, options]).
  template <class... Given>
  static constexpr Fault fault() {
    constexpr std::size_t count = sizeof...(Given);
    constexpr bool optimizer[] = {Optimizer<std::remove_cvref_t<Given>>..., false};
    constexpr bool in_memory[] = {std::convertible_to<const std::remove_cvref_t<Given>&, View<Scalar>>..., false};
    constexpr bool fetched[] = {BatchLoaderOf<Given, Scalar>..., false};
    constexpr bool options[] = {std::convertible_to<const std::remove_cvref_t<Given>&, Options>..., false};
    std::size_t first = 0;
    while (first < count && !optimizer[first]) ++first;
    if (first == count) return Fault::optimizer;
    const bool one = first == 1 && (in_memory[0] || fetched[0]), two = first == 2 && in_memory[0] && in_memory[1];
    if (!one && !two) return Fault::samples;
    if (two && !with_targets) return Fault::targets;
    if (count > first + 2 || (count == first + 2 && !options[first + 1])) return Fault::options;
    return Fault::none;
  }

  template <Fault found>
  static History refuse() {
    static_assert(found != Fault::targets,
                  "eigencoder: an Rbm learns from samples without targets: rbm.fit(samples, Sgd{})");
    static_assert(with_targets || found != Fault::samples,
                  "eigencoder: fit begins with samples in memory (an Eigen matrix, a view, a data set), or with a "
                  "Stream that is not const");
    static_assert(!with_targets || found != Fault::samples,
                  "eigencoder: fit begins with samples, or inputs and targets, in memory (Eigen matrices, views, data "
                  "sets), or with one Stream that is not const");
    static_assert(found != Fault::optimizer,
                  "eigencoder: fit takes an optimizer after the samples: model.fit(samples, Adam{})");
    static_assert(found != Fault::options,
                  "eigencoder: after the optimizer fit takes options alone (Model::Options), in braces: "
                  "model.fit(samples, Adam{}, {.epochs = 20, .observer = ProgressBar{}})");
    return {};
  }

 public:
  /// Does not compile: no `fit` takes these arguments.
  template <class... Given>
    requires(fault<Given&&...>() != Fault::none)
  History fit(Given&&...) {
    return refuse<fault<Given&&...>()>();
  }
  /// Does not compile either, with one argument before options in braces.
  template <class A>
    requires(fault<A&&, Options>() != Fault::none)
  History fit(A&&, const Options&) {
    return refuse<fault<A&&, Options>()>();
  }
  /// Does not compile either, with two arguments before options in braces.
  template <class A, class B>
    requires(fault<A&&, B&&, Options>() != Fault::none)
  History fit(A&&, B&&, const Options&) {
    return refuse<fault<A&&, B&&, Options>()>();
  }
  /// Does not compile either, with three arguments before options in braces.
  template <class A, class B, class C>
    requires(fault<A&&, B&&, C&&, Options>() != Fault::none)
  History fit(A&&, B&&, C&&, const Options&) {
    return refuse<fault<A&&, B&&, C&&, Options>()>();
  }
};

}  // namespace eigencoder
