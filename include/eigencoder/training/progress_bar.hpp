#pragma once

#include <cstdio>
#include <eigencoder/training/reports.hpp>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace eigencoder {

/// An observer that shows the progress of training on the standard error stream: one line that is redrawn on a
/// terminal, and about `lines` lines of plain text in a file.
///
///     model.fit(x, Adam{}, {.epochs = 50, .observer = ProgressBar{}});
struct ProgressBar {
  Index lines = 20;  ///< about how many epochs of a `fit` are written to a file

  /// Shows a completed epoch, with an estimate of the time that is left.
  void operator()(const EpochReport& report) {
    seconds_ += report.seconds;
    ++shown_;
    const Index left = report.epochs - report.epoch;
    char validation[48] = "";
    if (report.has_validation())
      std::snprintf(validation, sizeof validation, "  validation %.6g", report.validation_loss);
    char terms[160] = "";
    int used = report.terms.empty() ? 0 : std::snprintf(terms, sizeof terms, " (loss %.6g", report.loss());
    for (const Term& term : report.terms)
      if (used + static_cast<int>(term.name.size()) + 18 < static_cast<int>(sizeof terms))
        used += std::snprintf(terms + used, sizeof terms - static_cast<std::size_t>(used), ", %.*s %.4g",
                              static_cast<int>(term.name.size()), term.name.data(), term.value);
    const bool drawn = terminal();  // else written, where its turn has come
    filled_ = -1;
    open_ = drawn && left > 0;
    if (!drawn && left > 0 && shown_ > 1 && report.epoch % step(report.epochs) != 0) return;
    std::fprintf(stderr, "%sepoch %*lld/%lld  %s %.6g%s%s%s  %.0f s, %.0f s to go%s", drawn ? "\r" : "",
                 digits(report.epochs), static_cast<long long>(report.epoch), static_cast<long long>(report.epochs),
                 used ? "objective" : "loss", report.train_loss, terms, used ? ")" : "", validation, seconds_,
                 seconds_ / static_cast<double>(shown_) * static_cast<double>(left),
                 open_ ? "\033[K" : drawn ? "\033[K\n" : "\n");
    std::fflush(stderr);
  }

  /// Draws a bar of the epoch's progress on a terminal.
  void on_batch(const BatchReport& report) {
    constexpr int width = 24;
    const int filled = static_cast<int>(width * report.batch / report.batches);
    if (!terminal() || filled == filled_) return;
    filled_ = filled;
    open_ = true;
    std::fprintf(stderr, "\repoch %*lld/%lld  [%.*s%.*s]  loss %.6g\033[K", digits(report.epochs),
                 static_cast<long long>(report.epoch), static_cast<long long>(report.epochs), filled,
                 "########################", width - filled, "........................", report.loss);
    std::fflush(stderr);
  }

  /// Ends the line if training ended before its last epoch, and starts over for the next `fit`.
  void on_end() {
    if (open_) std::fputc('\n', stderr);
    std::fflush(stderr);
    seconds_ = 0;
    shown_ = 0;
    filled_ = -1;
    open_ = false;
  }

 private:
  static int digits(Index n) { return n < 10 ? 1 : 1 + digits(n / 10); }
  Index step(Index epochs) const { return epochs > lines && lines > 0 ? epochs / lines : 1; }
  static bool terminal() {
#if __has_include(<unistd.h>)
    return ::isatty(2) != 0;
#else
    return false;
#endif
  }

  double seconds_ = 0;
  Index shown_ = 0;
  int filled_ = -1;    ///< characters of the drawn bar that are filled; -1: no bar is drawn
  bool open_ = false;  ///< the present line has no line end yet
};

}  // namespace eigencoder
