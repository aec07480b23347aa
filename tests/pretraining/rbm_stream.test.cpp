// Boltzmann machines that learn from streams.
#include "support/catch.hpp"

#include <eigencoder/data/stream.hpp>
#include <eigencoder/optimizers/adam.hpp>

#include "pretraining/toy_rbms.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

namespace rbm_stream_test {
using namespace toy_rbms;

TEST_CASE("samples of a stream are learned as those in memory are, and checked when they are fetched") {
  const Rbm fresh{BernoulliUnits{4}, BernoulliUnits{3}, PersistentContrastiveDivergence{.chains = 6}};
  MatrixX<float> samples = samples_for(fresh.visible(), 23, 6).cast<float>();
  FitOptions<float> options{.epochs = 2, .batch_size = 5, .seed = 2};
  options.validation_split = 0.2;
  Rbm memory = fresh, streamed = fresh;
  memory.fit(samples, Adam{}, options);
  streamed.fit(Stream{AnyOrder{samples}}, Adam{}, options);
  CHECK(learned_values(streamed) == learned_values(memory));
  options.validation_split = 0;
  options.shuffle = false;
  memory = streamed = fresh;
  memory.fit(samples, Adam{}, options);
  streamed.fit(Stream{InOrder{samples}}, Adam{}, options);
  CHECK(learned_values(streamed) == learned_values(memory));

  samples(1, 20) = 2;
  Rbm refused = fresh;
  CHECK(says(thrown<DataError>([&] { refused.fit(Stream{AnyOrder{samples}}, Adam{}, options); }), {"sample 20"}));
  CHECK(learned_values(refused) == learned_values(fresh));
}

/// A source whose sample 3 is not one of Bernoulli units the second time that it is read.
struct Spoils : AnyOrder {
  int reads_of_3 = 0;

  void read(std::span<const std::uint32_t> indices, float* out) {
    AnyOrder::read(indices, out);
    for (std::size_t k = 0; k < indices.size(); ++k)
      if (indices[k] == 3 && ++reads_of_3 == 2) out[static_cast<Index>(k) * rows()] = 2;
  }
};

TEST_CASE("a sample that is refused in a later epoch leaves the machine at its last completed one") {
  const Rbm fresh{BernoulliUnits{4}, BernoulliUnits{3}, PersistentContrastiveDivergence{.chains = 6, .centered = true}};
  const MatrixX<float> samples = samples_for(fresh.visible(), 23, 6).cast<float>();
  FitOptions<float> options{.epochs = 3, .batch_size = 5, .seed = 2};
  Rbm refused = fresh, one = fresh;
  Stream stream{Spoils{{samples}}};
  CHECK(says(thrown<DataError>([&] { refused.fit(stream, Adam{}, options); }), {"sample 3"}));
  options.epochs = 1;
  one.fit(samples, Adam{}, options);
  CHECK(learned_values(refused) == learned_values(one));
  CHECK(refused.epochs().size() == 1);
}

}  // namespace rbm_stream_test
