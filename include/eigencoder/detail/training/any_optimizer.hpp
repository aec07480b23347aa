#pragma once

#include <concepts>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/text.hpp>
#include <string>

namespace eigencoder::detail {

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
