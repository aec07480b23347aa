// What autoencoders learn of digits without labels, for classifiers that learn from few labels or all: the error of a
// linear classifier on the codes, and of the whole network once it begins with the encoder. The first 50,000 training
// digits are to learn from, the last 10,000 to choose by; the test digits are looked at once, by the variant chosen.
//
//   mnist_classifier                  100, 1,000, 3,000 and all labels
//   mnist_classifier --labels 1000    one number of labels
#include <algorithm>
#include <cstdio>
#include <eigencoder/eigencoder.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "common/baseline.hpp"
#include "common/digit_classifier.hpp"
#include "common/formatted.hpp"
#include "common/mnist.hpp"
#include "common/plots.hpp"
#include "common/results.hpp"
#include "common/run_example.hpp"
#include "common/text_file.hpp"
#include "common/training.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

constexpr Recipe recipe{.epochs = 20, .batch_size = 100, .learning_rate = 1e-3};
constexpr Index most = 10000;  // digits to choose by

/// What the command line says beside the shared options.
struct Study {
  Index labels = 0;  ///< 0: all numbers of labels
  Index width = 1000;
  Steps steps = {};
};

/// The digits of a run. The last training digits are kept out, but learned from too by what is tested in the end.
struct Parts {
  Dataset<float> training, validation, both, test;
};

Parts parts_of(const Options& options) {
  Mnist digits = load_mnist(options);
  const Index kept = std::min<Index>(most, digits.train.size() / 6);
  std::vector<Index> first, last;
  for (Index j = 0; j < digits.train.size(); ++j) (j < digits.train.size() - kept ? first : last).push_back(j);
  return {take(digits.train, first), take(digits.train, last), std::move(digits.train), std::move(digits.test)};
}

/// One row of the table.
struct Variant {
  std::string name;
  std::function<MatrixX<float>(View<float>)> encode = {};   ///< empty: it has no codes
  std::function<void(DigitClassifier&)> begin = {};         ///< empty: it is not fine-tuned
  std::vector<std::optional<double>> linear = {}, tuned = {};  ///< errors by the number of labels
};

/// Trains an autoencoder without labels.
template <class E, class... P>
Variant pretrain(const std::string& name, const Options& options, const Dataset<float>& digits, const E& encoder,
                 const P&... policies) {
  std::cout << "\n-- " << name << "\n";
  const auto model = std::make_shared<Autoencoder<E, Decoder<Mirror>, Bernoulli, P...>>(encoder, policies...);
  train(*model, digits, options, recipe);
  return {name, [model](View<float> samples) { return model->encode(samples); },
          [model](DigitClassifier& classifier) { copy_layers(*model, classifier, 0, digit_layers - 1); }};
}

/// The encoder of a variational model ends with a linear layer for the code.
auto variational_encoder(Index width) {
  const Dropout none{.rate = 0};
  return Encoder{Input<784>{}, none, Dense{width}, Relu{}, none, Dense{width}, Relu{}, none, Dense{Index{32}}};
}

std::vector<Variant> all_variants(const Options& options, const Study& study, const Dataset<float>& digits) {
  const DigitEncoder encoder = digit_encoder(study.width);
  const Baseline pca(digits.samples, 50);
  return {{"pixels", [](View<float> samples) { return MatrixX<float>(samples.matrix()); }},
          {"pca", [pca](View<float> samples) { return pca.encode(samples); }},
          {"scratch", {}, [](DigitClassifier&) {}},
          pretrain("plain", options, digits, encoder),
          pretrain("denoising", options, digits, encoder, Denoising{Masking{.rate = 0.5}}),
          pretrain("contractive", options, digits, encoder, Contractive{Probes{1}, 0.1}),
          pretrain("sparse", options, digits, encoder, Sparse{L1{.weight = 1e-2}}),
          pretrain("variational", options, digits, variational_encoder(study.width), Variational{})};
}

/// The classifier of a variant before it learns from so many labels: few want more dropout.
DigitClassifier beginning(const Variant& variant, Index labels, const Options& options, const Study& study) {
  DigitClassifier classifier{digit_encoder(study.width, labels < most ? 0.4 : 0.2, 0.5)};
  classifier.initialize(options.seed);
  variant.begin(classifier);
  return classifier;
}

DigitClassifier tuned(const Variant& variant, const Dataset<float>& labeled, const Options& options,
                      const Study& study) {
  DigitClassifier classifier = beginning(variant, labeled.size(), options, study);
  fine_tune(classifier, labeled, study.steps, options.seed);
  return classifier;
}

/// Where few digits have labels, the classifier then labels the others, as far as it is sure of them, and one that
/// begins like it learns from all; twice.
DigitClassifier self_taught(const Variant& variant, const Parts& parts, const Dataset<float>& labeled,
                            const Options& options, const Study& study) {
  DigitClassifier classifier = tuned(variant, labeled, options, study);
  for (int round = 0; round < 2; ++round) {
    const Dataset<float> digits = label_sure_ones(classifier, labeled, parts.training);
    classifier = beginning(variant, labeled.size(), options, study);
    learn_from_own_labels(classifier, digits, study.steps, options.seed);
  }
  return classifier;
}

/// Measures both errors of a variant on the digits to choose by.
void judge(Variant& variant, const Parts& parts, const Dataset<float>& labeled, const Options& options,
           const Study& study) {
  variant.linear.emplace_back();
  variant.tuned.emplace_back();
  if (variant.encode) {
    Dataset<float> codes = labeled, held_out = parts.validation;
    codes.samples = variant.encode(codes.samples);
    held_out.samples = variant.encode(held_out.samples);
    variant.linear.back() = linear_error_percent(codes, held_out, study.steps, options.seed);
  }
  if (variant.begin) variant.tuned.back() = error_percent(tuned(variant, labeled, options, study), parts.validation);
}

std::string cell(const std::optional<double>& value) { return value ? formatted("%.2f", *value) : "-"; }

std::string count_text(Index labels, Index all) {
  return labels == 0 ? formatted("all %td", all) : formatted("%td", labels);
}

/// The errors by variant and number of labels, in percent.
std::string table(const std::vector<Variant>& variants, const std::vector<Index>& counts, Index all) {
  std::string out = "\nErrors in percent on the digits to choose by: linear classifier on the codes / fine-tuned.\n\n";
  out += formatted("  %-12s", "labels");
  for (const Index count : counts) out += formatted(" %16s", count_text(count, all).c_str());
  for (const Variant& variant : variants) {
    out += "\n  " + formatted("%-12s", variant.name.c_str());
    for (std::size_t i = 0; i < counts.size(); ++i)
      out += formatted(" %16s", (cell(variant.linear[i]) + " / " + cell(variant.tuned[i])).c_str());
  }
  return out + "\n";
}

void write_errors(const Options& options, const std::vector<Variant>& variants, const std::vector<Index>& counts,
                  Index all) {
  std::vector<Series> series;
  std::vector<double> labels;
  for (const Index count : counts) labels.push_back(std::log10(static_cast<double>(count == 0 ? all : count)));
  const auto add = [&](const std::string& name, const std::vector<std::optional<double>>& errors) {
    if (!errors.front()) return;
    Series line{.name = name, .x = labels};
    for (const auto& error : errors) line.y.push_back(*error);
    series.push_back(line);
  };
  for (const Variant& variant : variants) {
    add(variant.name + ", linear", variant.linear);
    add(variant.name + ", tuned", variant.tuned);
  }
  write_plot(options, "errors.svg", series,
             {.title = "Error by the number of labels", .x_label = "labels, logarithm to the base 10",
              .y_label = "error in percent", .log_y = true, .width = 860, .height = 520});
}

void run(const Options& options, Study study) {
  if (options.quick) study.steps = {.linear = 50, .tuned = 50, .few_labels = 50, .self_taught = 50};
  const Parts parts = parts_of(options);
  std::vector<Index> counts{100, 1000, 3000, 0};
  if (study.labels > 0) counts = {study.labels};
  if (study.labels > parts.training.size())
    throw UsageError(formatted("--labels: %td, but there are %td digits to learn from", study.labels,
                               parts.training.size()));
  for (Index& count : counts) count = count == parts.training.size() ? 0 : count;  // all of them
  std::erase_if(counts, [&](Index count) { return count > parts.training.size(); });

  std::vector<Variant> variants = all_variants(options, study, parts.training);
  for (const Index count : counts) {
    const Dataset<float> labeled = take_labeled(parts.training, count, options.seed);
    std::cout << "\nLearning from " << labeled.size() << " labels" << std::flush;
    for (Variant& variant : variants) judge(variant, parts, labeled, options, study), std::cout << "." << std::flush;
  }
  std::cout << "\n" << table(variants, counts, parts.training.size());

  // The variant with the lowest error at the last number of labels, on the test digits.
  const bool all_labels = counts.back() == 0;
  const auto error_of = [](const Variant& variant) { return variant.tuned.back().value_or(100); };
  const Variant& best = *std::ranges::min_element(variants, {}, error_of);
  const Variant& scratch = *std::ranges::find(variants, "scratch", &Variant::name);
  const Dataset<float> labeled = all_labels ? parts.both : take_labeled(parts.training, counts.back(), options.seed);
  const DigitClassifier chosen =
      all_labels ? tuned(best, labeled, options, study) : self_taught(best, parts, labeled, options, study);
  const double error = error_percent(chosen, parts.test);
  const double scratch_error = error_percent(tuned(scratch, labeled, options, study), parts.test);
  std::printf("\n%s is chosen. With %td labels%s it errs on %.2f %% of the %td test digits, from scratch on %.2f %%.\n",
              best.name.c_str(), labeled.size(), all_labels ? "" : " and its own", error, parts.test.size(),
              scratch_error);

  Report report = report_of(options, parts.both.size() + parts.test.size());
  report.train_images = parts.training.size();
  report.test_images = parts.test.size();
  report.texts.emplace_back("chosen", best.name);
  report.more = {{"labels", static_cast<double>(labeled.size())},
                 {"test_error_percent", error},
                 {"scratch_test_error_percent", scratch_error}};
  if (!all_labels) {
    report.more.emplace_back("validation_error_percent", error_percent(chosen, parts.validation));
    report.more.emplace_back("scratch_self_taught_validation_error_percent",
                             error_percent(self_taught(scratch, parts, labeled, options, study), parts.validation));
  }
  for (const Variant& variant : variants)
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::string end = variant.name + (counts[i] == 0 ? "" : formatted("_%td", counts[i]));
      if (variant.linear[i]) report.more.emplace_back("linear_error_percent_" + end, variant.linear[i]);
      if (variant.tuned[i]) report.more.emplace_back("tuned_error_percent_" + end, variant.tuned[i]);
    }
  write_errors(options, variants, counts, parts.training.size());
  write_text(options.result("metrics.json"), to_json(report));
  std::cout << "Results are in " << options.out << ": metrics.json, errors.svg\n";
}

}  // namespace

int main(int argc, char** argv) {
  Study study;
  return run_example(
      argc, argv,
      {"mnist_classifier", "Compares what autoencoders learn of digits without labels, by classifiers of their codes."},
      [&](CommandLine& line) {
        explain_mnist(line);
        line.show_defaults(recipe);
        line.explain("--epochs", "Epochs of each autoencoder");
        line.whole("--labels", study.labels, 1, "Labels to learn from; else 100, 1000, 3000 and all");
        line.whole("--width", study.width, 1, "Units of each of the two hidden layers");
        line.whole("--steps", study.steps.tuned, 1, "Steps of fine-tuning with all labels");
        line.show_default("--labels", "several");
      },
      [&](const Options& options) { run(options, study); });
}
