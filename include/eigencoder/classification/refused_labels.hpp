#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/classification/classes.hpp>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <eigencoder/training/reports.hpp>
#include <type_traits>

namespace eigencoder {

/// Overloads of `Classifier`'s members for wrong arguments, as `RefusedFit` has those of an `Autoencoder`: they do not
/// compile, and the error is a sentence.
template <class Scalar>
class RefusedLabels {
  using Options = FitOptions<Scalar>;
  enum class Fault { none, samples, missing, labels, optimizer, options };

  template <class T>
  static constexpr bool in_memory = std::convertible_to<const std::remove_cvref_t<T>&, View<Scalar>>;
  template <class T>
  static constexpr bool is_labels = ClassLabels<std::remove_cvref_t<T>> || in_memory<T>;

  /// What is wrong with these arguments for fit(samples, labels, optimizer[, options]) or
  /// fit(loader, optimizer[, options]).
  template <class... Given>
  static constexpr Fault fault() {
    constexpr std::size_t count = sizeof...(Given);
    constexpr bool optimizer[] = {Optimizer<std::remove_cvref_t<Given>>..., false};
    constexpr bool samples[] = {in_memory<Given>..., false};
    constexpr bool labels[] = {is_labels<Given>..., false};
    constexpr bool fetched[] = {BatchLoaderOf<Given, Scalar>..., false};
    constexpr bool options[] = {std::convertible_to<const std::remove_cvref_t<Given>&, Options>..., false};
    std::size_t first = 0;
    while (first < count && !optimizer[first]) ++first;
    if (first == count) return count > 1 && samples[0] && !labels[1] && !options[1] ? Fault::labels : Fault::optimizer;
    if (first == 1 && samples[0]) return Fault::missing;
    if (first == 2 && samples[0] && !labels[1]) return Fault::labels;
    if (!(first == 1 && fetched[0]) && !(first == 2 && samples[0])) return Fault::samples;
    if (count > first + 2 || (count == first + 2 && !options[first + 1])) return Fault::options;
    return Fault::none;
  }

  template <Fault found>
  static History refuse() {
    static_assert(found != Fault::samples,
                  "eigencoder: a classifier's fit begins with samples in memory (an Eigen matrix, a view, a data set) "
                  "and their labels, or with one Stream of samples and targets that is not const");
    static_assert(found != Fault::missing,
                  "eigencoder: a classifier learns from labels: classifier.fit(samples, labels, Adam{})");
    static_assert(found != Fault::labels,
                  "eigencoder: labels are whole numbers from 0 or names of classes, in a vector, span or array; "
                  "convert those of an enumeration");
    static_assert(found != Fault::optimizer,
                  "eigencoder: fit takes an optimizer after the labels: classifier.fit(samples, labels, Adam{})");
    static_assert(found != Fault::options,
                  "eigencoder: after the optimizer fit takes options alone (Classifier::Options), in braces: "
                  "classifier.fit(samples, labels, Adam{}, {.epochs = 20})");
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
  /// Does not compile: these are no labels.
  template <class Labels>
    requires(!is_labels<Labels>)
  void evaluate(View<Scalar>, const Labels&) const {
    refuse<Fault::labels>();
  }
  /// Does not compile: these are no labels.
  template <class Labels>
    requires(!ClassLabels<Labels>)
  MatrixX<Scalar> targets(const Labels&) const {
    return refuse<Fault::labels>(), MatrixX<Scalar>();
  }
};

}  // namespace eigencoder
