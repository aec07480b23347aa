#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <utility>

/// @file
/// When a model's state may be used and changed, and how the library gets at it.
namespace eigencoder::detail {

/// Refuses what a model's state does not allow: while the model is being trained, an observer must not train, assign or
/// move it; after it was moved from, it has no parameters until another model is assigned to it. A copy of a model in
/// training is not in training.
class ModelGuard {
 public:
  ModelGuard() = default;
  ModelGuard(const ModelGuard& other) noexcept : moved_from_(other.moved_from_) {}
  ModelGuard(ModelGuard&& other) noexcept : moved_from_(std::exchange(other.moved_from_, true)) {}
  ModelGuard& operator=(const ModelGuard& other) {
    refuse_in_training("assigned to");
    moved_from_ = other.moved_from_;
    return *this;
  }
  ModelGuard& operator=(ModelGuard&& other) {
    refuse_in_training("assigned to");
    other.refuse_in_training("moved from");
    const bool empty = std::exchange(other.moved_from_, true);
    if (this != &other) moved_from_ = empty;  // moved to itself, a model is left empty
    return *this;
  }

  bool in_training() const { return in_training_; }
  /// @throws OptionError while the model is being trained
  [[gnu::cold]] void refuse_in_training(const char* what) const {
    if (in_training_) throw OptionError(message({"a model cannot be ", what, " while it is being trained"}));
  }
  /// @throws OptionError where the model was moved from
  void require_values() const {
    if (moved_from_) no_values();
  }

  /// Marks a model as being trained as long as the scope exists. @throws OptionError for a second one
  class Scope {
   public:
    explicit Scope(ModelGuard& guard) : guard_(guard) {
      guard_.refuse_in_training("trained");
      guard_.in_training_ = true;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { guard_.in_training_ = false; }

   private:
    ModelGuard& guard_;
  };

 private:
  [[noreturn, gnu::cold]] static void no_values() {
    throw OptionError("eigencoder: this model was moved from: assign a model to it before it is used again");
  }

  bool in_training_ = false;
  bool moved_from_ = false;
};

/// Gives model files, checkpoints and evaluations access to a model's network and to its state.
/// @throws OptionError for a model that was moved from
struct ModelAccess {
  template <class Model>
  static const auto& network(const Model& model) {
    return model.network();
  }
  template <class Model>
  static const auto& state(const Model& model) {
    model.guard_.require_values();
    return model.state_;
  }
  template <class Model>
  static bool in_training(const Model& model) {
    return model.guard_.in_training();
  }
  /// Keeps a model in place as its `fit` does. @throws OptionError while it is being trained
  template <class Model>
  static ModelGuard::Scope training_scope(Model& model) {
    return ModelGuard::Scope(model.guard_);
  }
  /// The state to be changed. @throws OptionError while the model is being trained: "a model cannot be " `what` "..."
  template <class Model>
  static auto& state(Model& model, const char* what) {
    model.guard_.refuse_in_training(what);
    model.guard_.require_values();
    return model.state_;
  }
};

}  // namespace eigencoder::detail
