#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <type_traits>

namespace eigencoder {

/// Samples of a data set: sample j is column `indices[j]` of `inputs`, or column j where `indices` is null.
template <class Scalar>
struct Batch {
  View<Scalar> inputs;                     ///< one sample per column
  View<Scalar> targets;                    ///< one per input; the inputs themselves where there are no others
  const std::uint32_t* indices = nullptr;  ///< one per sample of the batch, or null

  /// Whether there are targets other than the inputs.
  bool has_targets() const { return targets != inputs; }
  /// The column of sample j.
  Index column(Index j) const { return indices ? static_cast<Index>(indices[j]) : j; }
  /// The input values of sample j.
  const Scalar* input(Index j) const { return inputs.column(column(j)); }
  /// The target values of sample j.
  const Scalar* target(Index j) const { return targets.column(column(j)); }
};

/// Gives a data set to training and inference, batch by batch: from memory (`InMemoryLoader`), or through a `Stream`
/// (data/stream.hpp) from any other source.
template <class Scalar>
class BatchLoader {
 public:
  /// The number of samples.
  virtual Index size() const = 0;
  /// The number of values of a sample.
  virtual Index rows() const = 0;
  /// Whether there are targets other than the inputs.
  virtual bool has_targets() const = 0;
  /// The data set in error messages, such as its file.
  virtual const char* name() const { return "the source"; }
  /// 0: samples may be fetched in any order. Else samples come in consecutive blocks of this size, and are shuffled
  /// within each block.
  virtual Index shuffle_window() const { return 0; }
  /// All samples, if they are in memory: these are checked before training, others when they are fetched. Else null.
  virtual const Batch<Scalar>* all() const { return nullptr; }
  /// The samples of these indices, valid until the next call. `next` announces the indices of that call, so that a
  /// loader may read ahead; it is empty where there will be none.
  virtual Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t> next) = 0;

 protected:
  ~BatchLoader() = default;
};

/// A `Stream` or another `BatchLoader` of this scalar, as a function takes it: not const, since fetching changes it.
template <class Data, class Scalar>
concept BatchLoaderOf = std::derived_from<std::remove_cvref_t<Data>, BatchLoader<Scalar>> &&
                        !std::is_const_v<std::remove_reference_t<Data>>;

/// Samples in memory, which must outlive this.
template <class Scalar>
class InMemoryLoader final : public BatchLoader<Scalar> {
 public:
  /// Inputs and one target for each; `targets` are the inputs themselves where there are no others.
  InMemoryLoader(View<Scalar> inputs, View<Scalar> targets) : all_{inputs, targets} {}

  /// As every `BatchLoader`.
  ///@{
  Index size() const override { return all_.inputs.cols(); }
  Index rows() const override { return all_.inputs.rows(); }
  bool has_targets() const override { return all_.has_targets(); }
  const Batch<Scalar>* all() const override { return &all_; }
  Batch<Scalar> fetch(std::span<const std::uint32_t> indices, std::span<const std::uint32_t>) override {
    return {all_.inputs, all_.targets, indices.data()};
  }
  ///@}

 private:
  Batch<Scalar> all_;
};

}  // namespace eigencoder
