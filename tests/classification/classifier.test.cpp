// Classifiers: what they learn, what they say, and where they begin.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/classification.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/testing.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "classification/blobs.hpp"
#include "laws/samples.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace classifier_test {
namespace {

using Hidden = Encoder<Input<5>, Dense<8>, Tanh>;
using Small = Classifier<Hidden, Classes<3>>;

bool same_parameters(const auto& a, const auto& b) { return std::ranges::equal(a.parameters(), b.parameters()); }

/// Whether layers before `depth` have the same parameters and running statistics.
bool same_encoder(const auto& a, const auto& b, Index depth) {
  for (const ParameterBlock& block : b.layout().blocks())
    for (Index i = block.offset; block.layer < depth && i < block.offset + block.size(); ++i)
      if (a.parameters()[static_cast<std::size_t>(i)] != b.parameters()[static_cast<std::size_t>(i)]) return false;
  for (const StatisticsBlock& block : b.layout().statistics_blocks())
    for (Index i = block.offset; block.layer < depth && i < block.offset + block.size; ++i)
      if (a.statistics()[static_cast<std::size_t>(i)] != b.statistics()[static_cast<std::size_t>(i)]) return false;
  return true;
}

}  // namespace

TEST_CASE("a classifier learns to tell classes apart") {
  const Blobs training = blobs(300, 1), others = blobs(100, 2);
  Small classifier;
  const double before = classifier.evaluate(others.samples, others.labels).accuracy;
  classifier.fit(training.samples, training.labels, Adam{.learning_rate = 1e-2}, {.epochs = 20});
  const ClassEvaluation after = classifier.evaluate(others.samples, others.labels);
  CHECK(before < 0.7);
  CHECK(after.accuracy > 0.97);
  CHECK(after.samples == 100);

  const std::vector<Index> predicted = classifier.predict(others.samples);
  const MatrixX<float> probabilities = classifier.probabilities(others.samples);
  Index right = 0;
  for (std::size_t j = 0; j < predicted.size(); ++j) {
    Index best = 0;
    probabilities.col(static_cast<Index>(j)).maxCoeff(&best);
    CHECK(best == predicted[j]);
    CHECK(probabilities.col(static_cast<Index>(j)).sum() == Approx(1).epsilon(1e-5));
    right += predicted[j] == others.labels[j] ? 1 : 0;
  }
  CHECK(after.accuracy == Approx(static_cast<double>(right) / 100));
}

TEST_CASE("an evaluation counts what each class was taken for") {
  const Blobs others = blobs(50, 2);
  const Small classifier;
  const ClassEvaluation found = classifier.evaluate(others.samples, others.labels);
  const MatrixX<float> probabilities = classifier.probabilities(others.samples);
  const std::vector<Index> predicted = classifier.predict(others.samples);
  MatrixX<Index> confusion = MatrixX<Index>::Zero(3, 3);
  double cross_entropy = 0;
  for (std::size_t j = 0; j < 50; ++j) {
    ++confusion(others.labels[j], predicted[j]);
    cross_entropy -= std::log(double{probabilities(others.labels[j], static_cast<Index>(j))}) / 50;
  }
  CHECK(found.confusion == confusion);
  CHECK(found.confusion.sum() == 50);
  CHECK(found.accuracy == Approx(static_cast<double>(confusion.trace()) / 50));
  CHECK(found.error() == Approx(1 - found.accuracy));
  CHECK(found.cross_entropy == Approx(cross_entropy).epsilon(1e-5));
  CHECK(found.cross_entropy == Approx(classifier.evaluate(others.samples, classifier.targets(others.labels)).loss));
  CHECK(found.recall(1) == Approx(static_cast<double>(confusion(1, 1)) / static_cast<double>(confusion.row(1).sum())));
  CHECK(std::isnan(ClassEvaluation{1, 0, 0, MatrixX<Index>::Zero(2, 2)}.precision(0)));
}

TEST_CASE("logits far apart have a finite cross-entropy") {
  Small classifier;
  for (float& value : classifier.parameters()) value *= 1e4F;
  const Blobs others = blobs(50, 2);
  const ClassEvaluation found = classifier.evaluate(others.samples, others.labels);
  CHECK(std::isfinite(found.cross_entropy));
  CHECK(found.cross_entropy > 100);
}

TEST_CASE("a classifier with logits that are not finite names no class") {
  Small classifier;
  const Blobs others = blobs(4, 2);
  const auto predicted = [&] { classifier.predict(others.samples); };
  const auto evaluated = [&] { classifier.evaluate(others.samples, others.labels); };
  const ParameterBlock& bias = classifier.layout().blocks().back();
  for (const float value : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
    classifier.parameters()[static_cast<std::size_t>(bias.offset) + 1] = value;
    CHECK(says(thrown<DataError>(predicted), {"predict", "sample 0", "class 1", "not finite"}));
    CHECK(says(thrown<DataError>(evaluated), {"evaluate", "sample 0", "class 1", "not finite"}));
  }
}

TEST_CASE("a classifier that was moved from says so, whatever its labels") {
  const Blobs data = blobs(2, 1);
  const std::vector<std::string> labels{"a", "b"};
  Small classifier{Classes<3>{{"a", "b", "c"}}};
  const Small other = std::move(classifier);
  const std::string moved = "this model was moved from";
  CHECK(says(thrown<OptionError>([&] { classifier.fit(data.samples, labels, Adam{}); }), {moved}));
  CHECK(says(thrown<OptionError>([&] { classifier.evaluate(data.samples, labels); }), {moved}));
  CHECK(says(thrown<OptionError>([&] { classifier.targets(labels); }), {moved}));
  CHECK(other.targets(labels)(0, 1) == 1);
}

TEST_CASE("a classifier is the autoencoder that it is made of, bit for bit") {
  const Blobs data = blobs(60, 1);
  Small classifier;
  Autoencoder<Hidden, Decoder<Dense<3>>, Categorical, Target<Input<3>>> model;
  CHECK(same_parameters(classifier, model));
  classifier.fit(data.samples, data.labels, Adam{}, {.epochs = 3, .seed = 4});
  model.fit(data.samples, classifier.targets(data.labels), Adam{}, {.epochs = 3, .seed = 4});
  CHECK(same_parameters(classifier, model));
  CHECK(classifier.probabilities(data.samples) == model.reconstruct(data.samples));
}

TEST_CASE("a classifier by value is the one by type") {
  const Blobs data = blobs(60, 1);
  Classifier<Hidden, Classes<3>, WeightDecay<>> by_type{WeightDecay<>{.weight = 1e-2}};
  Classifier by_value{Encoder{Input{5}, Dense{8}, Tanh{}}, Classes{3}, WeightDecay<>{.weight = 1e-2}};
  by_type.fit(data.samples, data.labels, Adam{}, {.epochs = 3});
  by_value.fit(data.samples, data.labels, Adam{}, {.epochs = 3});
  CHECK(same_parameters(by_type, by_value));
  CHECK(by_value.classes().count == 3);
  CHECK(by_value.predict(data.samples) == by_type.predict(data.samples));
}

TEST_CASE("gradients of a classifier with policies") {
  using Deep = Encoder<Input<5>, Dense<6>, Tanh, Dense<4>, Tanh>;
  Classifier<Deep, Classes<3>, Precision<double>, Denoising<Masking>, Contractive<>, WeightDecay<>, Frozen<AtLayer<0>>>
      classifier{Classes<3>{{"a", "b", "c"}, {0.5, 2, 1}}};
  const MatrixX<double> x = laws::samples(5, 7, false);
  CHECK(gradient_error(classifier, x, classifier.targets(std::vector<int>{0, 1, 2, 0, 1, 2, 0}), 1, 2).worst <= 1e-7);
}

TEST_CASE("a classifier begins with the encoder of a trained model") {
  const Blobs data = blobs(60, 1);
  Autoencoder<Encoder<Input<5>, Dense<8>, BatchNorm, Tanh, Dense<4>>, Decoder<Mirror>, SquaredError, Variational<>,
              Denoising<GaussianNoise>>
      model;
  model.initialize(3);
  model.fit(data.samples, Adam{}, {.epochs = 3});

  Classifier tuned{model, Classes{3}};
  CHECK(same_encoder(model, tuned, 4));
  CHECK(tuned.encode(data.samples) == model.encode(data.samples));
  tuned.fit(data.samples, data.labels, Adam{}, {.epochs = 1});
  CHECK_FALSE(same_encoder(model, tuned, 4));

  Classifier linear{model, Classes{3}, Frozen<WholeEncoder>{}};
  linear.fit(data.samples, data.labels, Adam{.learning_rate = 1e-2}, {.epochs = 20});
  CHECK(same_encoder(model, linear, 4));
  CHECK(linear.encode(data.samples) == model.encode(data.samples));
  CHECK(linear.evaluate(data.samples, data.labels).accuracy > 0.8);
}

TEST_CASE("a classifier begins with the encoder of another classifier") {
  const Blobs data = blobs(60, 1);
  Small trained;
  trained.fit(data.samples, data.labels, Adam{}, {.epochs = 3});
  Classifier more{trained, Classes<4>{}};
  CHECK(more.encode(data.samples) == trained.encode(data.samples));
  CHECK(more.probabilities(data.samples).rows() == 4);
  const Classifier<Hidden, Classes<2>> by_type{trained};
  CHECK(by_type.encode(data.samples) == trained.encode(data.samples));
  Small copy{trained};
  CHECK(same_parameters(copy, trained));
}

TEST_CASE("an encoder of sizes known at run time brings them along") {
  Autoencoder flat{Encoder{Input{5}, Dense{8}, LeakyRelu{.negative_slope = 0.3}}, Mirror{}, SquaredError{}};
  CHECK(Classifier{flat, Classes{2}}.encode(blobs(4, 1).samples) == flat.encode(blobs(4, 1).samples));
  Autoencoder images{Encoder{Image{4, 3, 2}, Conv2d{3, 2}, Relu{}}, Mirror{}, SquaredError{}};
  const MatrixX<float> x = laws::samples<float>(24, 3, false);
  CHECK(Classifier{images, Classes{2}}.encode(x) == images.encode(x));
}

TEST_CASE("weights of classes shift what is predicted") {
  const Blobs data = blobs(200, 1, 0.05);  // classes that overlap
  const auto found_of = [&](const Classes<3>& classes) {
    Small classifier{classes};
    classifier.fit(data.samples, data.labels, Adam{.learning_rate = 1e-2}, {.epochs = 10});
    return classifier.evaluate(data.samples, data.labels);
  };
  const ClassEvaluation plain = found_of(Classes<3>{}), weighted = found_of(Classes<3>{{"a", "b", "c"}, {1, 30, 1}});
  CHECK(weighted.recall(1) > plain.recall(1));
  CHECK(weighted.confusion.col(1).sum() > plain.confusion.col(1).sum());
}

TEST_CASE("a validation set of a classifier has labels as well") {
  const Blobs data = blobs(60, 1), others = blobs(20, 2);
  Small classifier;
  const History history = classifier.fit(
      data.samples, data.labels, Adam{},
      {.epochs = 2, .validation = others.samples, .validation_targets = classifier.targets(others.labels)});
  CHECK(history.epochs.back().validation_loss ==
        Approx(classifier.evaluate(others.samples, others.labels).cross_entropy).epsilon(1e-5));
}

}  // namespace classifier_test
