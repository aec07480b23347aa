#pragma once

#include <algorithm>
#include <eigencoder/detail/export/sheet.hpp>

namespace eigencoder::detail {

/// Where a written header keeps what its layers make. Two stretches of the working memory take turns; what a later
/// layer reads has a stretch of its own, and what ends a half of the model goes straight to its caller.
class Memory {
 public:
  Memory(const std::vector<Step>& steps, std::size_t encoder_depth)
      : steps_(steps), code_at_(encoder_depth), places_(steps.size()), taps_(steps.size()), is_read_(steps.size()) {
    for (const Step& step : steps)
      if (step.reads == Step::Reads::output && step.source >= 0) is_read_[at(step.source)] = true;
    // What does nothing has no place of its own.
    const auto shares = [&](std::size_t i) { return i != encoder_depth && steps[i].kernel.empty(); };
    for (std::size_t i = steps.size(); i-- > 1;)
      if (shares(i) && is_read_[i]) is_read_[i - 1] = true;
    for (std::size_t i = 1; i < steps.size(); ++i)
      if (shares(i) && is_read_[i - 1]) is_read_[i] = true;
    run(0, encoder_depth, {In::input}, {In::code});
    run(encoder_depth, steps.size(), {In::code}, {In::output});
    code_ = own(steps[encoder_depth - 1].size);
  }

  /// Values of the working memory, and where in it `reconstruct` keeps the code.
  Index size() const { return turns_[0] + turns_[1] + own_; }
  std::string code() const { return text(code_); }

  /// What enters and leaves a layer, and what it reads or fills besides, as C++.
  std::string into(std::size_t layer) const {
    return layer == 0 ? "input" : layer == code_at_ ? "code" : text(places_[layer - 1]);
  }
  std::string out_of(std::size_t layer) const { return text(places_[layer]); }
  std::string besides(std::size_t layer) const {
    const Step& step = steps_[layer];
    if (step.has_taps) return text(taps_[layer]);
    switch (step.reads) {
      case Step::Reads::output: return into(at(step.source + 1));
      case Step::Reads::taps: return text(taps_[at(step.source)]);
      case Step::Reads::nothing: break;
    }
    return "";
  }

 private:
  enum class In { nowhere, input, code, output, turn, own };
  struct Place {
    In kind = In::nowhere;
    Index offset = 0;  ///< in its stretch; of a turn, which of the two
    bool operator==(const Place&) const = default;
  };

  static std::size_t at(Index position) { return static_cast<std::size_t>(position); }

  Place own(Index values) {
    own_ += values;
    return {In::own, own_ - values};
  }

  /// Finds places for layers first, ..., last - 1, from `source` to `target`.
  void run(std::size_t first, std::size_t last, Place source, Place target) {
    Place now = source;
    for (std::size_t i = first; i < last; ++i) {
      const Step& step = steps_[i];
      const bool may_write = now != source && (i == first || !is_read_[i - 1]);
      if (taps_are_read(i)) taps_[i] = own(step.size);
      if (step.kernel.empty() && i + 1 < last) {  // stays where it is
      } else if (reaches(i, last)) {
        now = target;
      } else if (is_read_[i]) {
        now = own(step.size);
      } else if (!(step.in_place && may_write)) {
        const Index which = now.kind == In::turn ? 1 - now.offset : 0;
        turns_[at(which)] = (std::max)(turns_[at(which)], step.size);
        now = {In::turn, which};
      }
      places_[i] = now;
    }
  }

  /// Whether layer i can write to the target: behind it there is nothing but what works in place.
  bool reaches(std::size_t i, std::size_t last) const {
    for (; i + 1 < last; ++i)
      if (is_read_[i] || !(steps_[i + 1].in_place || steps_[i + 1].kernel.empty())) return false;
    return true;
  }

  bool taps_are_read(std::size_t layer) const {
    for (const Step& step : steps_)
      if (step.reads == Step::Reads::taps && at(step.source) == layer) return true;
    return false;
  }

  std::string text(const Place& place) const {
    switch (place.kind) {
      case In::nowhere: return "nullptr";
      case In::input: return "input";
      case In::code: return "code";
      case In::output: return "output";
      case In::turn: return offset(place.offset == 0 ? 0 : turns_[0]);
      case In::own: return offset(turns_[0] + turns_[1] + place.offset);
    }
    return "";
  }
  static std::string offset(Index values) {
    return values == 0 ? "working" : "working + " + std::to_string(values);
  }

  const std::vector<Step>& steps_;
  std::size_t code_at_;
  std::vector<Place> places_, taps_;
  std::vector<bool> is_read_;
  Index turns_[2] = {0, 0};
  Index own_ = 0;
  Place code_;
};

}  // namespace eigencoder::detail
