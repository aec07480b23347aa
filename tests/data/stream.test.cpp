// Training from sources that are read batch by batch.
#include <eigencoder/data/stream.hpp>
#include <eigencoder/eigencoder.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/counted_memory.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace {

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(40, 53);
  return x;
}

FitOptions<float> options() { return {.epochs = 3, .batch_size = 7, .seed = 3}; }

}  // namespace

static_assert(RandomAccessSource<AnyOrder> && !SequentialSource<AnyOrder> && BatchSource<AnyOrder>);
static_assert(SequentialSource<InOrder> && !RandomAccessSource<InOrder> && BatchSource<InOrder>);
static_assert(!BatchSource<MatrixX<float>>);

TEST_CASE("from a random-access source a model learns the same bits as from memory") {
  Busy from_memory, from_source;
  FitOptions<float> with_split = options();
  with_split.validation_split = 0.3;
  Stream stream{AnyOrder{data()}};
  for (const auto& chosen : {options(), with_split}) {
    from_memory.fit(data(), Adam{}, chosen);
    from_source.fit(stream, Adam{}, chosen);
    CHECK(bits(from_memory) == bits(from_source));
    CHECK(std::ranges::equal(from_memory.epochs(), from_source.epochs(), same));
  }
}

TEST_CASE("a source in order is shuffled within blocks, for blocks of any length") {
  for (const Index window : {Index{1}, Index{2}, Index{5}, Index{7}, Index{13}, Index{30}, Index{53}, Index{1} << 60}) {
    INFO("window " << window);
    Busy expected, streamed;
    InBlocks blocks(data(), window);
    Stream stream{InOrder{data()}, {.shuffle_window = window}};
    expected.fit(blocks, Adam{}, options());
    streamed.fit(stream, Adam{}, options());
    CHECK(bits(expected) == bits(streamed));
  }
}

#ifndef EIGENCODER_NO_THREADS
TEST_CASE("the next batch is read while this one trains") {
  auto reads = std::make_shared<std::atomic<int>>(0);
  Stream stream{AnyOrder{data(), reads}};
  Busy model;
  struct Waits {
    std::shared_ptr<std::atomic<int>> reads;
    int batches = 0;
    void operator()(const EpochReport&) {}
    void on_batch(const BatchReport& report) {
      ++batches;
      const double start = detail::now();  // within a batch, the next one has been requested
      while (report.batch < report.batches && *reads <= batches && detail::now() - start < 20)
        std::this_thread::yield();
      CHECK((report.batch == report.batches || *reads > batches));
    }
  };
  FitOptions<float> watched = options();
  watched.observer = Waits{reads};
  model.fit(stream, Adam{}, watched);
  CHECK(*reads == 3 * 8);  // and no batch twice
}
#endif

TEST_CASE("an error of a source ends training, and the model is that of its last completed epoch") {
  Busy model, two_epochs;
  FitOptions<float> two = options();
  two.epochs = 2;
  two_epochs.fit(data(), Adam{}, two);

  Stream failing{AnyOrder{data(), nullptr, 2 * 8 + 3}};
  CHECK(says(thrown<std::runtime_error>([&] { model.fit(failing, Adam{}, options()); }), {"the cable came off"}));
  CHECK(bits(model) == bits(two_epochs));
  CHECK(model.epochs().size() == 2);

  MatrixX<float> wrong = data();
  wrong(4, 50) = std::numeric_limits<float>::quiet_NaN();
  Busy fresh;
  const auto before = bits(fresh);
  Stream with_nan{AnyOrder{wrong}};
  CHECK(says(thrown<DataError>([&] { fresh.fit(with_nan, Adam{}, options()); }), {"sample 50", "NaN", "value 4"}));
  CHECK(bits(fresh) == before);

  using BernoulliModel = Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, Bernoulli>;
  wrong = data();
  wrong(4, 31) = 2;
  BernoulliModel bernoulli;
  Stream out_of_range{AnyOrder{wrong}};
  CHECK(says(thrown<DataError>([&] { bernoulli.fit(out_of_range, Adam{}, options()); }), {"sample 31", "Bernoulli"}));

  Stream short_one{InOrder{data(), 40}};
  CHECK(says(thrown<DataError>([&] { fresh.fit(short_one, Adam{}, options()); }), {"53 samples ended after 40"}));
  CHECK(bits(fresh) == before);

  Stream flat{AnyOrder{unit_samples(39, 5)}};
  CHECK_THROWS_AS(fresh.fit(flat, Adam{}, options()), ShapeError);
  Stream empty{AnyOrder{MatrixX<float>(40, 0)}};
  CHECK_THROWS_AS(fresh.fit(empty, Adam{}, options()), DataError);
  CHECK(bits(fresh) == before);
}

TEST_CASE("inference through a stream gives the same bits as in memory") {
  const MatrixX<float> x = unit_samples(40, 600);  // two pieces and a part
  Busy model;
  model.fit(data(), Adam{}, options());
  const Busy& trained = model;
  const Evaluation in_memory = trained.evaluate(x);
  const auto check = [&](auto&& stream) {
    CHECK(trained.encode(stream) == trained.encode(x));
    CHECK(trained.reconstruct(stream) == trained.reconstruct(x));
    const Evaluation streamed = trained.evaluate(stream);
    CHECK(streamed.samples == 600);
    CHECK(streamed.loss == in_memory.loss);
    CHECK(streamed.mse == in_memory.mse);
  };
  check(Stream{AnyOrder{x}});
  check(Stream{InOrder{x}, {.shuffle_window = 100}});
  CHECK(trained.encode(Stream{AnyOrder{x}}) == trained.encode(x));
}

TEST_CASE("inference through a stream checks what it reads") {
  using BernoulliModel = Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, Bernoulli>;
  const BernoulliModel model;
  MatrixX<float> wrong = data();
  wrong(4, 31) = 2;
  Stream out_of_range{AnyOrder{wrong}};
  CHECK(model.encode(out_of_range) == model.encode(wrong));  // an input may be anything finite
  CHECK(says(thrown<DataError>([&] { model.evaluate(out_of_range); }), {"sample 31", "Bernoulli"}));
  wrong(4, 50) = std::numeric_limits<float>::quiet_NaN();
  Stream with_nan{AnyOrder{wrong}};
  CHECK(says(thrown<DataError>([&] { model.encode(with_nan); }), {"sample 50", "NaN", "value 4"}));
  CHECK(says(thrown<DataError>([&] { model.reconstruct(with_nan); }), {"sample 50", "NaN", "value 4"}));
  Stream flat{AnyOrder{unit_samples(39, 5)}};
  CHECK(says(thrown<ShapeError>([&] { model.encode(flat); }), {"encode", "39", "40"}));
  Stream empty{AnyOrder{MatrixX<float>(40, 0)}};
  CHECK(says(thrown<DataError>([&] { model.evaluate(empty); }), {"evaluate", "no samples"}));
}

TEST_CASE("after an error a stream serves again") {
  Stream stream{AnyOrder{data(), nullptr, 5}};
  Busy model, expected;
  CHECK_THROWS_AS(model.fit(stream, Adam{}, options()), std::runtime_error);
  model.fit(stream, Adam{}, options());
  expected.fit(data(), Adam{}, options());
  CHECK(bits(model) == bits(expected));
}

TEST_CASE("a source in order serves again too, wherever it failed") {
  int failures = 0;
  for (const Index window : {5, 20, 30, 53, 1000}) {
    Busy expected;
    Stream whole{InOrder{data()}, {.shuffle_window = window}};
    expected.fit(whole, Adam{}, options());
    for (const int fails_at : {0, 2, 4, 7, 11, 12}) {
      INFO("window " << window << ", call " << fails_at);
      Stream stream{InOrder{data(), 1000, fails_at}, {.shuffle_window = window}};
      Busy model;
      failures += !thrown<std::runtime_error>([&] { model.fit(stream, Adam{}, options()); }).empty();
      model = Busy{};
      model.fit(stream, Adam{}, options());
      CHECK(bits(model) == bits(expected));
    }
  }
  CHECK(failures >= 20);  // the longest windows are read once
}

#ifdef EIGENCODER_COUNTS_MEMORY
TEST_CASE("a stream that found no memory does not serve what it has not read") {
  const MatrixX<float> x = unit_samples(1000, 20);
  const std::vector<std::uint32_t> three{1, 2, 3}, more{4, 5, 6}, four{7, 8, 9, 10};
  Stream stream{AnyOrder{x}};
  stream.fetch(three, more);
  stream.fetch(more, {});
  memory_limit = 4 * 1000 * sizeof(float);
  CHECK_THROWS_AS(stream.fetch(four, {}), std::bad_alloc);
  memory_limit = std::size_t(-1);
  const Batch<float> got = stream.fetch(four, {});
  REQUIRE(got.inputs.cols() == 4);
  for (Index j = 0; j < 4; ++j) CHECK(got.inputs.matrix().col(j) == x.col(7 + j));

#ifndef EIGENCODER_NO_THREADS
  Stream failing{AnyOrder{x, nullptr, 1}};
  failing.fetch(three, more);  // reading ahead fails
  memory_limit = 4 * 1000 * sizeof(float);
  CHECK_THROWS_AS(failing.fetch(four, {}), std::bad_alloc);
  memory_limit = std::size_t(-1);
  CHECK((failing.fetch(more, {}).inputs.matrix() == x.middleCols(4, 3)));
#endif
}
#endif

TEST_CASE("a loader may give columns of more samples than requested; the requested ones are checked") {
  MatrixX<float> x = data();
  x(3, 50) = std::numeric_limits<float>::quiet_NaN();
  InBlocks loader(x, 53);
  Busy model;
  CHECK(says(thrown<DataError>([&] { model.fit(loader, Adam{}, options()); }), {"sample 50", "NaN", "value 3"}));
  x(3, 50) = 0;
  CHECK(model.fit(loader, Adam{}, options()).epochs.size() == 3);

  struct Short final : BatchLoader<float> {
    Index size() const override { return data().cols(); }
    Index rows() const override { return data().rows(); }
    bool has_targets() const override { return false; }
    Batch<float> fetch(std::span<const std::uint32_t>, std::span<const std::uint32_t>) override {
      const View<float> two = View<float>(data()).columns(0, 2);
      return {two, two, nullptr};
    }
  } two_of_seven;
  CHECK(says(thrown<DataError>([&] { model.fit(two_of_seven, Adam{}, options()); }), {"2 of 7 samples"}));
}

namespace {

/// A source that can only write doubles.
struct Doubles {
  MatrixX<double> values;
  Index size() const { return values.cols(); }
  Index rows() const { return values.rows(); }
  void read(std::span<const std::uint32_t> indices, double* out) {
    for (const std::uint32_t index : indices) out = std::copy_n(values.col(index).data(), rows(), out);
  }
};

}  // namespace

TEST_CASE("a source of doubles makes a stream of doubles") {
  const MatrixX<double> x = data().cast<double>();
  Stream stream{Doubles{x}};
  static_assert(std::same_as<decltype(stream), Stream<double>>);
  Autoencoder<Encoder<Input<40>, Dense<3>>, Decoder<Mirror>, SquaredError, Precision<double>> from_source, from_memory;
  from_source.fit(stream, Adam{}, {.epochs = 2, .batch_size = 7});
  from_memory.fit(x, Adam{}, {.epochs = 2, .batch_size = 7});
  CHECK(std::ranges::equal(from_source.parameters(), from_memory.parameters()));
}

TEST_CASE("options that do not go with a stream are refused") {
  CHECK_THROWS_AS((Stream{InOrder{data()}, {.shuffle_window = 0}}), OptionError);
  Busy model;
  Stream stream{InOrder{data()}};
  FitOptions<float> split = options();
  split.validation_split = 0.2;
  CHECK(says(thrown<OptionError>([&] { model.fit(stream, Adam{}, split); }), {"cannot be split"}));
  FitOptions<float> own_set = options();
  own_set.validation = data();
  CHECK(model.fit(stream, Adam{}, own_set).epochs.back().has_validation());
}
