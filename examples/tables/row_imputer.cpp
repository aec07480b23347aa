#include "row_imputer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <common/formatted.hpp>
#include <cstddef>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/evaluation/impute.hpp>
#include <iostream>
#include <limits>
#include <vector>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::VectorX, eigencoder::View;

namespace {

constexpr Index recipe_members = 3;
constexpr Index recipe_steps = 2000;  ///< of each member's training

/// A member of the ensemble. In training it is not told a fifth of the cells that are known, and learns to tell them
/// from the others, through a linear code of more values than a sample has. It was chosen on three tables of ADBench
/// (annthyroid, cardio and satellite).
auto imputer_member(const eigencoder::TableEncoder& encoder) {
  using namespace eigencoder;
  constexpr Index hidden = 128;
  const Index d = encoder.value_count();
  return Autoencoder{Encoder{Input{d}, Dense{hidden}, Silu{}, Dense{hidden}, Silu{}, Dense{2 * d}}, Mirror{},
                     encoder.blocks(), MissingValues<MaskAsInput>{.drop_rate = 0.2, .groups = encoder.column_sizes()}};
}

using Member = decltype(imputer_member(std::declval<const eigencoder::TableEncoder&>()));

/// Counts the steps of a member.
struct StepCounter {
  Index& steps;
  void operator()(const eigencoder::EpochReport&) {}
  void on_batch(const eigencoder::BatchReport&) { ++steps; }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The last value of a category stands for words that no training row has: it is no answer.
std::vector<Index> values_of_other_words(const eigencoder::TableEncoder& encoder) {
  std::vector<Index> values;
  for (const eigencoder::EncodedColumn& column : encoder.columns())
    if (column.kind == eigencoder::ColumnKind::category && !column.hashed)
      values.push_back(column.first_value + column.value_count - 1);
  return values;
}

}  // namespace

struct RowImputer::Parts {
  std::vector<Index> other_values;
  std::vector<Member> members = {};
  std::vector<float> least = {}, most = {};  // of each value in training
  Index steps = 0;
  double seconds = 0;
};

RowImputer::RowImputer(const eigencoder::TableEncoder& encoder, View<float> samples, const ImputerTraining& training)
    : parts_(new Parts{.other_values = values_of_other_words(encoder)}) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  parts_->least.assign(static_cast<std::size_t>(samples.rows()), infinity);
  parts_->most.assign(static_cast<std::size_t>(samples.rows()), -infinity);
  for (Index j = 0; j < samples.cols(); ++j)
    for (std::size_t i = 0; i < parts_->least.size(); ++i) {  // NaN compares as false
      const float value = samples.column(j)[i];
      if (value < parts_->least[i]) parts_->least[i] = value;
      if (value > parts_->most[i]) parts_->most[i] = value;
    }
  const Index steps = training.steps > 0 ? training.steps : recipe_steps;
  const auto start = std::chrono::steady_clock::now();
  for (Index k = 0; k < recipe_members; ++k) {
    Member& member = parts_->members.emplace_back(imputer_member(encoder));
    eigencoder::FitOptions<float> how{.epochs = steps,
                                      .max_steps = steps,
                                      .batch_size = 128,
                                      .seed = training.seed * recipe_members + static_cast<std::uint64_t>(k),
                                      .schedule = eigencoder::CosineSchedule{},
                                      .clip_value = 1e3,
                                      .observer = StepCounter{parts_->steps}};
    if (training.seconds > 0) how.max_seconds = training.seconds / recipe_members;
    member.initialize(how.seed);
    member.fit(samples, eigencoder::AdamW{.learning_rate = 2e-3}, how);
    if (training.show_progress)
      std::cout << formatted("Autoencoder %td of %td is trained, %.1f s.\n", k + 1, recipe_members,
                             seconds_since(start))
                << std::flush;
  }
  parts_->steps /= recipe_members;
  parts_->seconds = seconds_since(start);
}
RowImputer::RowImputer(RowImputer&&) noexcept = default;
RowImputer& RowImputer::operator=(RowImputer&&) noexcept = default;
RowImputer::~RowImputer() = default;

ImputedRows RowImputer::impute(View<float> samples) const {
  std::vector<MatrixX<float>> filled;
  for (const Member& member : parts_->members) filled.push_back(eigencoder::impute(member, samples));
  ImputedRows rows{filled.front(), MatrixX<float>::Zero(samples.rows(), samples.cols())};
  const auto count = static_cast<float>(filled.size());
  for (Index j = 0; j < samples.cols(); ++j)
    for (Index i = 0; i < samples.rows(); ++i) {
      if (!std::isnan(samples.column(j)[i])) continue;
      float sum = 0, squares = 0;
      for (MatrixX<float>& one : filled) {
        const auto value = static_cast<std::size_t>(i);
        one(i, j) = (std::min)((std::max)(one(i, j), parts_->least[value]), parts_->most[value]);
        sum += one(i, j);
      }
      for (const MatrixX<float>& one : filled) squares += std::pow(one(i, j) - sum / count, 2.F);
      rows.values(i, j) = sum / count;
      rows.spread(i, j) = std::sqrt(squares / (count - 1));
    }
  return rows;
}

std::string RowImputer::summary() const {
  const Member& member = parts_->members.front();
  return std::to_string(parts_->members.size()) + " autoencoders of " + std::to_string(parts_->least.size()) +
         " values with codes of " + std::to_string(member.code_size()) + ", " + std::to_string(parts_->steps) +
         " steps each";
}

Index RowImputer::parameters() const {
  return static_cast<Index>(parts_->members.size()) * parts_->members.front().parameter_count();
}
Index RowImputer::steps() const { return parts_->steps; }
double RowImputer::seconds() const { return parts_->seconds; }

}  // namespace examples
