#pragma once

namespace eigencoder::detail {

/// The way of files and checkpoints into a model: its network, without learned values, and these with all that training
/// remembers.
struct Inside {
  template <class Model>
  static const auto& network(const Model& model) {
    return model.network_;
  }
  template <class Model>
  static const auto& state(const Model& model) {
    return model.state_;
  }
  template <class Model>
  static bool in_training(const Model& model) {
    return model.in_training_.on();
  }
  /// To be changed. Throws `OptionError` while the model is being trained: "a model cannot be " `what` ....
  template <class Model>
  static auto& state(Model& model, const char* what) {
    model.in_training_.refuse(what);
    return model.state_;
  }
};

}  // namespace eigencoder::detail
