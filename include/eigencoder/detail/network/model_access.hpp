#pragma once

namespace eigencoder::detail {

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
  /// The state to be changed. @throws OptionError while the model is being trained: "a model cannot be " `what` "..."
  template <class Model>
  static auto& state(Model& model, const char* what) {
    model.guard_.refuse_in_training(what);
    model.guard_.require_values();
    return model.state_;
  }
};

}  // namespace eigencoder::detail
