#include "row_detector.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <eigencoder/anomaly/detector_file.hpp>
#include <eigencoder/anomaly/mahalanobis_score.hpp>
#include <eigencoder/serialization/table_encoder_text.hpp>
#include <eigencoder/training/progress_bar.hpp>
#include <limits>
#include <system_error>
#include <utility>
#include "recipe.hpp"

namespace examples {

using eigencoder::EpochReport, eigencoder::Index, eigencoder::MatrixX, eigencoder::TableEncoder, eigencoder::View;

/// The detector, and what it takes to make one like it.
struct RowDetector::Parts {
  eigencoder::TableEncoder encoder;
  TableDetector detector;
  Index rows;
  TrainOn train_on;
  Index steps = 0;
  double seconds = 0;
};

namespace {

constexpr const char *rows_key = "table_anomalies.rows", *train_on_key = "table_anomalies.train_on",
                     *steps_key = "table_anomalies.steps", *encoder_key = "table_anomalies.encoder";

/// An observer of members that train side by side: it counts the steps that they took on average, and shows an epoch
/// when the last of them has finished it.
struct Watch {
  Index members;
  bool show;
  Index& steps;
  Index taken = 0, finished = 0, ended = 0;  // steps, epochs and trainings of all members
  eigencoder::ProgressBar bar = {};

  void operator()(const EpochReport& report) {
    if (++finished % members != 0 || !show) return;
    EpochReport shown = report;
    shown.epoch = finished / members;
    bar(shown);
  }
  void on_batch(const eigencoder::BatchReport&) { steps = ++taken / members; }
  void on_end() {
    if (++ended == members && show) bar.on_end();
  }
};

/// Each value's part of one kind of score, as the detector scales rows, averaged over its models.
template <class Score>
MatrixX<double> mean_contributions(const TableDetector& detector, const Score& score, View<float> rows,
                                   View<float> training) {
  const auto scaled = [&](View<float> given) {
    MatrixX<float> out(given.rows(), given.cols());
    for (Index j = 0; j < out.cols(); ++j)
      for (Index i = 0; i < out.rows(); ++i) {
        const auto k = static_cast<std::size_t>(i);
        out(i, j) =
            static_cast<float>((given.column(j)[i] - detector.scaling().offset[k]) / detector.scaling().scale[k]);
      }
    return out;
  };
  const MatrixX<float> samples = scaled(rows), reference = scaled(training);
  MatrixX<double> sum = MatrixX<double>::Zero(rows.rows(), rows.cols()), one = sum;
  eigencoder::Buffer<double> scratch;
  for (const TableModel& model : detector.models()) {
    eigencoder::ScoreState state;
    const auto pass = [&](const MatrixX<float>& x, const auto& use) {
      const MatrixX<float> codes = model.encode(x), reconstructions = model.decode(codes);
      const MatrixX<float> filled = x.array().isNaN().select(reconstructions, x);
      use(eigencoder::ScoreInputs<float>{filled, reconstructions, codes, x});
    };
    if constexpr (requires { score.prepare(Index{}, Index{}, state); })
      pass(reference, [&](const auto& inputs) {
        score.fit(inputs, 0, state);
        score.prepare(rows.rows(), model.code_size(), state);
      });
    pass(samples, [&](const auto& inputs) { score.contributions(inputs, state, scratch, one.data()); });
    sum += one;
  }
  return sum / static_cast<double>(detector.models().size());
}

}  // namespace

RowDetector::RowDetector(const TableEncoder& encoder, View<float> samples, const DetectorTraining& training) {
  const Index n = samples.cols();
  parts_.reset(new Parts{encoder,
                         make_detector(encoder, n, training.train_on, training.false_alarms, training.standard_scaling),
                         n, training.train_on});
  auto options = table_fit_options(training.steps > 0 ? training.steps : recipe_steps(encoder));
  if (training.seconds > 0) options.max_seconds = training.seconds;
  options.seed = training.seed;
  options.observer = Watch{.members = recipe_members, .show = training.show_progress, .steps = parts_->steps};
  const auto start = std::chrono::steady_clock::now();
  parts_->detector.fit(samples, table_optimizer(), options);
  parts_->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
RowDetector::RowDetector(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RowDetector::RowDetector(RowDetector&&) noexcept = default;
RowDetector& RowDetector::operator=(RowDetector&&) noexcept = default;
RowDetector::~RowDetector() = default;

std::vector<double> RowDetector::score(View<float> samples) const { return parts_->detector.score(samples); }
double RowDetector::p_value_of(double score) const { return parts_->detector.p_value_of(score); }
double RowDetector::threshold() const { return parts_->detector.threshold(); }
void RowDetector::set_false_alarms(double rate) { parts_->detector.set_false_alarms(rate); }
const TableEncoder& RowDetector::encoder() const { return parts_->encoder; }

MatrixX<double> RowDetector::contributions(View<float> samples) const {
  return parts_->encoder.sum_by_column(parts_->detector.contributions(samples));
}

MatrixX<float> RowDetector::expected(View<float> samples, const std::vector<Index>& columns) const {
  constexpr int rounds = 5;
  const auto all = parts_->encoder.columns();
  MatrixX<float> completed = samples.matrix(), made;
  for (int round = 0; round <= rounds; ++round) {
    if (round > 0) made = parts_->detector.reconstruct(completed);
    for (Index j = 0; j < completed.cols(); ++j) {
      const auto& column = all[static_cast<std::size_t>(columns[static_cast<std::size_t>(j)])];
      auto values = completed.col(j).segment(column.first_value, column.value_count);
      if (round > 0)
        values = made.col(j).segment(column.first_value, column.value_count);
      else
        values.setConstant(std::numeric_limits<float>::quiet_NaN());
    }
  }
  return completed;
}

MatrixX<double> RowDetector::contributions_of(ScoreKind kind, View<float> samples, View<float> training) const {
  const auto by_column = [&](const auto& score) {
    return parts_->encoder.sum_by_column(mean_contributions(parts_->detector, score, samples, training));
  };
  if (kind == ScoreKind::squared_error) return by_column(eigencoder::SquaredErrorScore{});
  return by_column(eigencoder::MahalanobisScore{.with_code = false});
}

void RowDetector::save(const std::string& path) const {
  eigencoder::save(parts_->detector, path,
                   {.metadata = {{rows_key, std::to_string(parts_->rows)},
                                 {train_on_key, parts_->train_on == TrainOn::normal ? "normal" : "all"},
                                 {steps_key, std::to_string(parts_->steps)},
                                 {encoder_key, eigencoder::to_text(parts_->encoder)}},
                    .names = parts_->encoder.value_names()});
}

RowDetector RowDetector::load(const std::string& path) {
  const eigencoder::DetectorMetadata saved = eigencoder::read_detector_metadata(path);
  const auto text_of = [&](const char* key) -> const std::string& {
    if (const std::string* text = saved.find(key)) return *text;
    throw eigencoder::FileError("cannot read '" + path + "': it is no detector of this program");
  };
  const auto number = [&](const char* key) {
    const std::string& text = text_of(key);
    Index value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
      throw eigencoder::FileError("cannot read '" + path + "': its '" + key + "' is no number");
    return value;
  };
  const Index n = number(rows_key), d = saved.value_count, steps = number(steps_key);
  const TrainOn train_on = text_of(train_on_key) == "all" ? TrainOn::all : TrainOn::normal;
  try {
    const TableEncoder encoder = eigencoder::table_encoder_from_text(text_of(encoder_key));
    if (encoder.value_count() != d) throw eigencoder::DataError("the encoder has another number of values");
    auto parts = std::unique_ptr<Parts>(new Parts{encoder, make_detector(encoder, n, train_on), n, train_on, steps});
    eigencoder::load(parts->detector, path);
    return RowDetector(std::move(parts));
  } catch (const eigencoder::DataError& error) {
    throw eigencoder::FileError("cannot read '" + path + "': " + error.what());
  }
}

const std::vector<double>& RowDetector::scale() const { return parts_->detector.scaling().scale; }

std::string RowDetector::summary() const {
  const auto& models = parts_->detector.models();
  const Index d = parts_->detector.value_count();
  std::string codes;
  for (std::size_t k = 0; k < models.size(); ++k)
    codes += (k == 0 ? "" : k + 1 < models.size() ? ", " : " and ") + std::to_string(models[k].code_size());
  return std::to_string(models.size()) + " denoising autoencoders of " + std::to_string(d) + " values with codes of " +
         codes + ", " + std::to_string(parts_->steps) + " steps each";
}

Index RowDetector::parameters() const {
  Index sum = 0;
  for (const TableModel& model : parts_->detector.models()) sum += model.parameter_count();
  return sum;
}
TrainOn RowDetector::train_on() const { return parts_->train_on; }
Index RowDetector::trained_rows() const { return parts_->rows; }
Index RowDetector::steps() const { return parts_->steps; }
double RowDetector::seconds() const { return parts_->seconds; }

}  // namespace examples
