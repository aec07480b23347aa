#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <type_traits>

namespace eigencoder {

/// Some samples of a data set, by place: sample j is column `places[j]` of `inputs`, or column j where `places` is null.
template <class Scalar>
struct Batch {
  View<Scalar> inputs;
  View<Scalar> targets;  ///< the inputs themselves, or as many more
  const std::uint32_t* places = nullptr;

  bool has_targets() const { return targets != inputs; }
  /// Where sample j is.
  Index column(Index j) const { return places ? static_cast<Index>(places[j]) : j; }
  const Scalar* input(Index j) const { return inputs.column(column(j)); }
  const Scalar* target(Index j) const { return targets.column(column(j)); }
};

/// Where training takes its samples from, batch by batch: from memory, or through a `Stream` (data/stream.hpp) from
/// wherever they lie. Inputs and targets have as many values.
template <class Scalar>
class BatchLoader {
 public:
  /// The number of samples, and of values in each.
  virtual Index size() const = 0;
  virtual Index rows() const = 0;
  /// Whether there are targets other than the inputs.
  virtual bool has_targets() const = 0;
  /// What errors call it, such as its file.
  virtual const char* name() const { return "the source"; }
  /// 0: samples may be fetched in any order. Else samples come in blocks of so many, one block after another, and are
  /// shuffled within a block.
  virtual Index shuffle_window() const { return 0; }
  /// All the samples, where they lie in memory: these are checked before training, others as they come.
  virtual const Batch<Scalar>* all() const { return nullptr; }
  /// The samples at these places, until the next call; those at `next` will be wanted then.
  virtual Batch<Scalar> fetch(std::span<const std::uint32_t> places, std::span<const std::uint32_t> next) = 0;

 protected:
  ~BatchLoader() = default;
};

/// A `Stream` or another `BatchLoader` of this scalar, as a function takes it: not const, since fetching changes it.
template <class Data, class Scalar>
concept BatchLoaderOf = std::derived_from<std::remove_cvref_t<Data>, BatchLoader<Scalar>> &&
                 !std::is_const_v<std::remove_reference_t<Data>>;

}  // namespace eigencoder
