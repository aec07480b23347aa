// Bad input is a typed error that says what is wrong and where, and the model does not change.
#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <limits>

using namespace eigencoder;

namespace bad_data_test {
namespace {

using Model = Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<2>>, Decoder<Mirror>, Bernoulli>;

const MatrixX<float>& good() {
  static const MatrixX<float> x = unit_samples(6, 20);
  return x;
}
MatrixX<float> with(float value, Index i, Index j) {
  MatrixX<float> x = good();
  x(i, j) = value;
  return x;
}

const float nan_value = std::numeric_limits<float>::quiet_NaN();
const float infinite = std::numeric_limits<float>::infinity();

// A refused call leaves no trace: training afterwards gives the bits of a model without that call.
template <class E, class Call>
void check_refused(std::initializer_list<std::string_view> words, const Call& call) {
  Model model, undisturbed;
  model.fit(good(), Adam{}, {.epochs = 2});
  undisturbed.fit(good(), Adam{}, {.epochs = 2});
  const std::string message = thrown<E>([&] { call(model); });
  INFO("message: " << message);
  CHECK(says(message, words));
  CHECK(bits(model) == bits(undisturbed));
  CHECK(model.epochs().size() == 2);
  model.fit(good(), Adam{}, {.epochs = 2});
  undisturbed.fit(good(), Adam{}, {.epochs = 2});
  CHECK(bits(model) == bits(undisturbed));
}

}  // namespace

TEST_CASE("samples of another size are refused") {
  const MatrixX<float> wide = unit_samples(7, 20), codes = unit_samples(3, 20);
  check_refused<ShapeError>({"fit: inputs", "7 x 20", "6 values"}, [&](Model& m) { m.fit(wide, Adam{}); });
  check_refused<ShapeError>({"fit: targets", "7 x 20", "6 values"},
                            [&](Model& m) { m.fit(good(), wide, Adam{}); });
  check_refused<ShapeError>({"fit: validation inputs", "7 x 20"},
                            [&](Model& m) { m.fit(good(), Adam{}, {.validation = wide}); });
  check_refused<ShapeError>({"fit: validation targets", "7 x 20"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.validation = good(), .validation_targets = wide});
  });
  check_refused<ShapeError>({"encode", "7 x 20", "6 values"}, [&](const Model& m) { m.encode(wide); });
  check_refused<ShapeError>({"decode", "3 x 20", "2 values"}, [&](const Model& m) { m.decode(codes); });
  check_refused<ShapeError>({"reconstruct", "7 x 20"}, [&](const Model& m) { m.reconstruct(wide); });
  check_refused<ShapeError>({"activation", "7 x 20"}, [&](const Model& m) { m.activation(wide, 1); });
  check_refused<ShapeError>({"evaluate: inputs", "7 x 20"}, [&](const Model& m) { m.evaluate(wide); });
  check_refused<ShapeError>({"encode", "7 x 20"}, [&](const Model& m) {
    Workspace<float> workspace;
    m.encode(wide, workspace);
  });
}

TEST_CASE("targets that do not match the inputs are refused, also in the memory of the inputs") {
  const MatrixX<float> few = good().leftCols(3);
  check_refused<ShapeError>({"fit: targets", "3", "20 inputs"},
                            [&](Model& m) { m.fit(good(), few, Adam{}); });
  check_refused<ShapeError>({"fit: targets", "3", "20 inputs"},
                            [&](Model& m) { m.fit(good(), good().leftCols(3), Adam{}); });
  check_refused<ShapeError>({"fit: targets", "5 x 20"},
                            [&](Model& m) { m.fit(good(), good().topRows(5), Adam{}); });
  check_refused<ShapeError>({"evaluate: targets", "3"}, [&](const Model& m) { m.evaluate(good(), few); });
  check_refused<ShapeError>({"fit: validation targets", "3"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.validation = good(), .validation_targets = few});
  });
  check_refused<ShapeError>({"gradient"}, [&](const Model& m) {
    std::vector<float> short_one(3);
    m.gradient(good(), good(), short_one);
  });
}

TEST_CASE("an empty set is refused") {
  const MatrixX<float> none(6, 0);
  check_refused<DataError>({"fit: inputs", "no samples"}, [&](Model& m) { m.fit(none, Adam{}); });
  check_refused<DataError>({"fit: inputs", "no samples"}, [&](Model& m) { m.fit(MatrixX<float>(), Adam{}); });
  check_refused<DataError>({"fit: targets", "no samples"}, [&](Model& m) { m.fit(good(), none, Adam{}); });
  check_refused<DataError>({"fit: validation inputs", "no samples"},
                           [&](Model& m) { m.fit(good(), Adam{}, {.validation = none}); });
  check_refused<DataError>({"encode", "no samples"}, [&](const Model& m) { m.encode(none); });
  check_refused<DataError>({"evaluate: inputs", "no samples"}, [&](const Model& m) { m.evaluate(none); });
}

TEST_CASE("errors name the sample and the value of a NaN or an infinity") {
  check_refused<DataError>({"fit: inputs", "sample 7", "NaN", "value 3"},
                           [&](Model& m) { m.fit(with(nan_value, 3, 7), Adam{}); });
  check_refused<DataError>({"fit: inputs", "sample 19", "infinity", "value 5"},
                           [&](Model& m) { m.fit(with(-infinite, 5, 19), Adam{}); });
  check_refused<DataError>({"fit: targets", "sample 0", "infinity", "value 0"},
                           [&](Model& m) { m.fit(good(), with(infinite, 0, 0), Adam{}); });
  check_refused<DataError>({"fit: validation inputs", "sample 2", "NaN"}, [&](Model& m) {
    const MatrixX<float> bad = with(nan_value, 1, 2);
    m.fit(good(), Adam{}, {.validation = bad});
  });
  check_refused<DataError>({"encode", "sample 2", "NaN", "value 1"},
                           [&](const Model& m) { m.encode(with(nan_value, 1, 2)); });
  check_refused<DataError>({"evaluate: targets", "sample 2"},
                           [&](const Model& m) { m.evaluate(good(), with(nan_value, 1, 2)); });
}

TEST_CASE("targets outside the loss's range are refused, inputs may be anything finite") {
  check_refused<DataError>({"fit: targets", "sample 4", "Bernoulli", "[0, 1]"},
                           [&](Model& m) { m.fit(good(), with(1.5F, 2, 4), Adam{}); });
  check_refused<DataError>({"sample 4", "Bernoulli", "[0, 1]"},
                           [&](Model& m) { m.fit(with(-0.5F, 2, 4), Adam{}); });
  check_refused<DataError>({"fit: validation targets", "sample 4"}, [&](Model& m) {
    const MatrixX<float> bad = with(2, 2, 4);
    m.fit(good(), Adam{}, {.validation = good(), .validation_targets = bad});
  });
  check_refused<DataError>({"evaluate: targets", "sample 4"},
                           [&](const Model& m) { m.evaluate(good(), with(2, 2, 4)); });
  Model model;
  CHECK_NOTHROW(model.fit(with(-17, 2, 4), good(), Adam{}, {.epochs = 1}));
}

TEST_CASE("a batch of one is refused where batch normalization would see one value of each feature") {
  const MatrixX<float> two = good().leftCols(2);
  check_refused<DataError>({"BatchNorm", "two samples"},
                           [&](Model& m) { m.fit(good().leftCols(1), Adam{}); });
  check_refused<DataError>({"BatchNorm", "two samples"},
                           [&](Model& m) { m.fit(good(), Adam{}, {.batch_size = 1}); });
  check_refused<DataError>({"BatchNorm", "two samples"},
                           [&](Model& m) { m.fit(two, Adam{}, {.validation_split = 0.5}); });
  Model model;
  CHECK_NOTHROW(model.fit(two, Adam{}, {.epochs = 1}));
  CHECK_NOTHROW(model.encode(two.leftCols(1)));

  // In an image, every channel has many values per sample.
  Autoencoder<Encoder<Image<3, 3, 2>, BatchNorm, Dense<4>>, Decoder<Mirror>, SquaredError> of_images;
  const auto history = of_images.fit(unit_samples(18, 1), Adam{}, {.epochs = 2});
  CHECK(history.epochs.back().train_loss < history.epochs.front().train_loss);
}

TEST_CASE("a batch of one is refused where the codes of a batch are compared") {
  Autoencoder<Encoder<Input<6>, Dense<2>>, Decoder<Mirror>, SquaredError, Variational<MaximumMeanDiscrepancy>> model;
  const auto before = bits(model);
  using Options = FitOptions<float>;
  for (const Options& options : {Options{.batch_size = 1}, Options{.validation_split = 0.5}})
    CHECK(says(thrown<DataError>([&] { model.fit(good().leftCols(2), Adam{}, options); }),
               {"MMD needs at least two samples in a batch that it learns from, got one"}));
  CHECK(bits(model) == before);
  CHECK(model.evaluate(good().leftCols(1)).samples == 1);
}

TEST_CASE("batches of one are refused before training begins") {
  bool begun = false;
  const Schedule schedule = [&](const ScheduleContext&) {
    begun = true;
    return 1.0;
  };
  check_refused<DataError>({"BatchNorm", "at least two samples", "got one"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.batch_size = 1, .schedule = schedule});
  });
  check_refused<DataError>({"BatchNorm", "at least two samples", "got one"}, [&](Model& m) {
    m.fit(good().leftCols(2), Adam{}, {.schedule = schedule, .validation_split = 0.5});
  });
  CHECK_FALSE(begun);
}

TEST_CASE("more samples than the library counts are refused before they are read") {
  const View<float> endless(good().data(), 6, Index{1} << 32, 0);
  check_refused<DataError>({"fit: inputs", "4294967296"}, [&](Model& m) { m.fit(endless, Adam{}); });
  check_refused<DataError>({"validation inputs", "4294967296"},
                           [&](Model& m) { m.fit(good(), Adam{}, {.validation = endless}); });
  check_refused<DataError>({"evaluate: inputs", "4294967296"}, [&](const Model& m) { m.evaluate(endless); });
}

TEST_CASE("a validation set without samples is refused, whatever its rows") {
  for (const Index rows : {0, 6})
    check_refused<DataError>({"fit: validation inputs: no samples"},
                             [&](Model& m) { m.fit(good(), Adam{}, {.validation = MatrixX<float>(rows, 0)}); });
  check_refused<DataError>({"fit: validation inputs: no samples"},
                           [&](Model& m) { m.fit(good(), Adam{}, {.validation = View<float>()}); });
}

TEST_CASE("a validation set needs targets where training has them") {
  const MatrixX<float> targets = unit_samples(6, 20, 2);
  check_refused<OptionError>({"FitOptions.validation_targets"}, [&](Model& m) {
    m.fit(good(), targets, Adam{}, {.validation = good()});
  });
  check_refused<OptionError>({"FitOptions.validation_targets"},
                             [&](Model& m) { m.fit(good(), Adam{}, {.validation_targets = targets}); });
  const MatrixX<float> none(6, 0);
  check_refused<DataError>({"fit: validation targets", "no samples"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.validation = good(), .validation_targets = none});
  });
  Model model;
  CHECK_NOTHROW(model.fit(good(), targets, Adam{},
                          {.epochs = 1, .validation = good(), .validation_targets = targets}));
}

TEST_CASE("sizes beyond all memory are refused when the model is built") {
  const Index huge = Index{1} << 60;
  CHECK(says(thrown<CompositionError>(
                 [&] { Autoencoder{Encoder{Input{huge}, Dense{64}}, Mirror{}, SquaredError{}}; }),
             {"layer 0", "memory"}));
  CHECK_THROWS_AS((Autoencoder{Encoder{Image{huge, huge, huge}, Dense{4}}, Mirror{}, SquaredError{}}),
                  CompositionError);
}

TEST_CASE("one sample is legal without batch normalization, and it is learned") {
  Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<2>>, Decoder<Mirror>, SquaredError> model;
  const auto history = model.fit(good().leftCols(1), Adam{.learning_rate = 0.01}, {.epochs = 200});
  CHECK(history.epochs.back().train_loss < 0.01 * history.epochs.front().train_loss);
}

TEST_CASE("a split that leaves a part empty is refused") {
  check_refused<DataError>({"split"},
                           [&](Model& m) { m.fit(good().leftCols(3), Adam{}, {.validation_split = 0.1}); });
}

TEST_CASE("options and hyperparameters outside their ranges are refused") {
  check_refused<OptionError>({"epochs"}, [&](Model& m) { m.fit(good(), Adam{}, {.epochs = 0}); });
  check_refused<OptionError>({"batch_size"}, [&](Model& m) { m.fit(good(), Adam{}, {.batch_size = 0}); });
  check_refused<OptionError>({"Adam.beta1"}, [&](Model& m) { m.fit(good(), Adam{.beta1 = 1}); });
  check_refused<OptionError>({"StepSchedule.factor"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.schedule = StepSchedule{.factor = -1}});
  });
  check_refused<OptionError>({"validation_split"},
                             [&](Model& m) { m.fit(good(), Adam{}, {.validation_split = 1}); });
  check_refused<OptionError>({"validation set", "split"}, [&](Model& m) {
    m.fit(good(), Adam{}, {.validation_split = 0.5, .validation = good()});
  });
  check_refused<OptionError>({"activation", "layer 8", "7"},
                             [&](const Model& m) { m.activation(good(), 8); });
  check_refused<OptionError>({"activation", "layer -1"}, [&](const Model& m) { m.activation(good(), -1); });
}

}  // namespace bad_data_test
