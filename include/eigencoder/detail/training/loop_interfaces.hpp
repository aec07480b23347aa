#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/training/sample_weighting.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/text.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// A model and an optimizer as the training loop sees them, so that it is compiled once for each scalar.
namespace eigencoder::detail {

/// What the training loop needs of a model, so that the loop is compiled once for each scalar.
template <class Scalar>
class Trainable {
 public:
  /// Forward pass, loss and backward pass of one batch. Returns the objective summed over the samples, their losses
  /// weighted, without penalties on parameters alone; each term's sum is added to `sums`, and the gradient of the mean
  /// objective goes to the sink.
  virtual double run(const Pass<Scalar>& pass, const Batch<Scalar>& batch, SampleWeighting weighting, double* sums,
                     GradientSink<Scalar>& sink) const = 0;
  /// The mean objective in inference of the loader's samples at these indices, without penalties.
  virtual double validate(Workspace<Scalar>& workspace, BatchLoader<Scalar>& loader,
                          std::span<const std::uint32_t> indices) const = 0;

  /// @throws ShapeError, DataError for samples that the model cannot learn from, as far as is known before they are
  /// fetched
  virtual void check_samples(const BatchLoader<Scalar>& loader, const char* inputs, const char* targets) const = 0;
  /// @throws DataError for a value that is unknown in all samples in memory, of which nothing can be learned
  virtual void check_columns(const BatchLoader<Scalar>& loader, const char* inputs, const char* targets) const = 0;
  /// The same as `check_samples` of fetched samples that could not be checked before.
  virtual void check_fetched(const BatchLoader<Scalar>& loader, const Batch<Scalar>& batch,
                             std::span<const std::uint32_t> indices) const = 0;
  /// @throws DataError where the model cannot learn from batches of this size
  virtual void check_batch(Index batch) const = 0;

  virtual const ParameterLayout& layout() const = 0;
  /// The lambda of weight decay for each parameter block.
  virtual std::vector<double> decay() const = 0;
  /// Which parameter blocks get contributions to their gradient before the layers' own.
  virtual std::vector<bool> early_blocks() const = 0;
  /// Whether two layers have one weight.
  virtual bool shares_weights() const = 0;
  /// Whether a last batch of one sample joins the batch before it.
  virtual bool couples_batch() const = 0;
  /// The terms of an epoch of `seen` samples, from their sums; and the number of these sums.
  virtual std::vector<Term> terms(const double* sums, Index seen) const = 0;
  virtual std::size_t term_count() const = 0;

 protected:
  ~Trainable() = default;
};

/// An optimizer behind one virtual call for each tile, so that the training loop is compiled once for each scalar.
template <class Scalar>
class AnyOptimizer {
 public:
  /// @throws OptionError for a hyperparameter outside its range
  virtual void validate() const = 0;
  virtual double learning_rate() const = 0;
  virtual Index state_arrays() const = 0;
  /// The optimizer's `layout()`, 0 where it has none.
  virtual Index layout() const = 0;
  virtual double initial_state() const = 0;
  /// What an array can hold; every finite value where the optimizer does not say.
  virtual ValueRange state_range(Index array) const = 0;
  virtual void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const = 0;
  /// The name of the optimizer's type.
  virtual std::string type() const = 0;

 protected:
  ~AnyOptimizer() = default;
};

template <class Scalar, Optimizer O>
class OptimizerOf final : public AnyOptimizer<Scalar> {
 public:
  explicit OptimizerOf(const O& optimizer) : optimizer_(optimizer) {}
  void validate() const override { optimizer_.validate(); }
  double learning_rate() const override { return optimizer_.learning_rate; }
  Index state_arrays() const override { return optimizer_.state_arrays(); }
  Index layout() const override {
    if constexpr (requires { { optimizer_.layout() } -> std::convertible_to<Index>; }) return optimizer_.layout();
    else return 0;
  }
  double initial_state() const override { return optimizer_.initial_state(); }
  ValueRange state_range([[maybe_unused]] Index array) const override {
    if constexpr (requires { { optimizer_.state_range(array) } -> std::same_as<ValueRange>; })
      return optimizer_.state_range(array);
    else return {};
  }
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const override {
    optimizer_.update(step, w, g, state, n);
  }
  std::string type() const override { return std::string(type_name<O>().view()); }

 private:
  const O& optimizer_;
};

}  // namespace eigencoder::detail
