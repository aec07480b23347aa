#include "digit_classifier.hpp"

#include <algorithm>
#include <cstdint>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/training/schedule.hpp>
#include <numeric>
#include <span>
#include <vector>

namespace examples {

using namespace eigencoder;

namespace {

constexpr Index batch_size = 100, few = 10000;
constexpr std::uint32_t label_stream = 21;  // which digits keep their labels

/// As many epochs as the steps take.
FitOptions<float> options_for(Index samples, Index steps, std::uint64_t seed) {
  const Index batches = (samples + batch_size - 1) / batch_size;
  return {.epochs = std::max<Index>(steps / batches, 1),
          .batch_size = batch_size,
          .seed = seed,
          .schedule = CosineSchedule{}};
}

}  // namespace

DigitEncoder digit_encoder(Index width, double pixel_dropout, double dropout) {
  const Dropout hidden{.rate = dropout};
  return DigitEncoder{Input<784>{}, Dropout{.rate = pixel_dropout}, Dense{width}, Relu{}, hidden, Dense{width}, Relu{},
                      hidden};
}

Dataset<float> take_labeled(const Dataset<float>& digits, Index count, std::uint64_t seed) {
  if (count <= 0 || count >= digits.size()) return digits;
  std::vector<Index> order(static_cast<std::size_t>(digits.size()));
  std::iota(order.begin(), order.end(), Index{0});
  Random random(seed, Purpose::user, label_stream);
  shuffle(std::span(order), random);
  std::vector<Index> chosen, of_class(10);
  for (const Index j : order)
    if (Index& taken = of_class[static_cast<std::size_t>(digits.labels[static_cast<std::size_t>(j)])];
        taken < (count + 9) / 10 && static_cast<Index>(chosen.size()) < count)
      ++taken, chosen.push_back(j);
  std::ranges::sort(chosen);
  return take(digits, chosen);
}

double linear_error_percent(const Dataset<float>& codes, const Dataset<float>& held_out, const Steps& steps,
                            std::uint64_t seed) {
  const Scaling<float> scaling = standard_scaling(codes.samples);
  Classifier linear{Encoder{Input{codes.samples.rows()}, Identity{}}, Classes{10}, WeightDecay<>{.weight = 1e-3}};
  linear.initialize(seed);
  linear.fit(scaling.transform(codes.samples), codes.labels, Adam{.learning_rate = 2e-3},
             options_for(codes.size(), codes.size() < few ? steps.few_labels : steps.linear, seed));
  return 100 * linear.evaluate(scaling.transform(held_out.samples), held_out.labels).error();
}

void fine_tune(DigitClassifier& classifier, const Dataset<float>& labeled, const Steps& steps, std::uint64_t seed) {
  classifier.fit(labeled.samples, labeled.labels, Adam{.learning_rate = 1e-3},
                 options_for(labeled.size(), labeled.size() < few ? steps.few_labels : steps.tuned, seed));
}

Dataset<float> label_sure_ones(const DigitClassifier& classifier, const Dataset<float>& labeled,
                               const Dataset<float>& unlabeled) {
  const MatrixX<float> probabilities = classifier.probabilities(unlabeled.samples);
  std::vector<Index> sure;
  std::vector<int> labels;
  for (Index j = 0; j < unlabeled.size(); ++j) {
    Index digit = 0;
    if (probabilities.col(j).maxCoeff(&digit) <= 0.95F) continue;
    sure.push_back(j);
    labels.push_back(static_cast<int>(digit));
  }
  const Index found = static_cast<Index>(sure.size()), times = std::max<Index>(found / (10 * labeled.size()), 1);
  Dataset<float> digits{MatrixX<float>(unlabeled.samples.rows(), found + times * labeled.size()), unlabeled.shape};
  digits.samples.leftCols(found) = take(unlabeled.samples, sure);
  digits.samples.rightCols(times * labeled.size()) = labeled.samples.replicate(1, times);
  for (Index k = 0; k < times; ++k) labels.insert(labels.end(), labeled.labels.begin(), labeled.labels.end());
  digits.labels = labels;
  return digits;
}

void learn_from_own_labels(DigitClassifier& classifier, const Dataset<float>& digits, const Steps& steps,
                           std::uint64_t seed) {
  classifier.fit(digits.samples, digits.labels, Adam{.learning_rate = 1e-3},
                 options_for(digits.size(), steps.self_taught, seed));
}

double error_percent(const DigitClassifier& classifier, const Dataset<float>& digits) {
  return 100 * classifier.evaluate(digits.samples, digits.labels).error();
}

}  // namespace examples
