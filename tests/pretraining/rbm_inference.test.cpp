// Inference of a Boltzmann machine in a workspace and from loaders: the same values, without allocating.
#include "support/counted_memory.hpp"

#include <eigencoder/data/stream.hpp>
#include <limits>

#include "pretraining/toy_rbms.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

namespace rbm_inference_test {
using namespace toy_rbms;

TEST_CASE("inference in a workspace gives the same values, also of results that lie in it") {
  each_rbm([](const auto& machine) {
    const Matrix samples = samples_for(machine.visible(), 9, 3), codes = machine.encode(samples);
    Workspace<double> workspace;
    const View<double> in_place = machine.encode(samples, workspace);
    CHECK(in_place.matrix() == codes);
    CHECK(machine.decode(in_place, workspace).matrix() == machine.decode(codes));
    CHECK(machine.reconstruct(samples, workspace).matrix() == machine.reconstruct(samples));
    Matrix wide(samples.rows() + 2, samples.cols());
    wide << Matrix::Constant(2, samples.cols(), 7), samples;
    CHECK(machine.encode(wide.bottomRows(samples.rows()), workspace).matrix() == codes);
  });
}

TEST_CASE("inference allocates nothing once the workspace has served as many samples") {
  if (memory_of([] { std::vector<int>(1000); }) == 0) return;
  const auto machine = randomized(Rbm{GaussianUnits{90, true}, BernoulliUnits{70}, Double{}}, 3, 0.1);
  const Matrix samples = samples_for(machine.visible(), 300, 6), codes = machine.encode(samples);
  Workspace<double> workspace(2);
  const auto run = [&] {
    machine.decode(machine.encode(samples, workspace), workspace);
    machine.decode(codes, workspace);
    machine.reconstruct(samples, workspace);
  };
  run();
  CHECK(memory_of(run) == 0);
}

TEST_CASE("samples of a loader are encoded as those in memory are, and checked when they are fetched") {
  const Rbm machine{BernoulliUnits{4}, BernoulliUnits{3}};
  MatrixX<float> samples = samples_for(machine.visible(), 600, 6).cast<float>();
  CHECK(machine.encode(Stream{AnyOrder{samples}}) == machine.encode(samples));
  CHECK(machine.reconstruct(Stream{InOrder{samples}}) == machine.reconstruct(samples));
  samples(1, 400) = 2;
  CHECK(says(thrown<DataError>([&] { machine.encode(Stream{AnyOrder{samples}}); }), {"sample 400"}));
  const MatrixX<float> narrow = samples.topRows(3);
  CHECK(says(thrown<ShapeError>([&] { machine.encode(Stream{AnyOrder{narrow}}); }), {"encode", "4"}));
}

TEST_CASE("what is no sample or code is refused in a workspace too") {
  const Rbm machine{BernoulliUnits{4}, BernoulliUnits{3}};
  MatrixX<float> samples = MatrixX<float>::Zero(4, 5);
  Workspace<float> workspace;
  CHECK(says(thrown<ShapeError>([&] { machine.decode(samples, workspace); }), {"decode", "expected 3"}));
  samples(2, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(thrown<DataError>([&] { machine.encode(samples, workspace); }), {"encode", "sample 1"}));
  CHECK(says(thrown<DataError>([&] { machine.reconstruct(samples, workspace); }), {"reconstruct", "sample 1"}));
}

TEST_CASE("parameters are counted without padding, and variances can be set") {
  Rbm machine{GaussianUnits{5, true}, BernoulliUnits{3}};
  CHECK(machine.parameter_count() == 15 + 3 + 5 + 5);
  machine.log_variance().setConstant(2);
  CHECK(std::as_const(machine).log_variance().sum() == 10);
  CHECK(Rbm{BernoulliUnits{5}, BernoulliUnits{3}}.log_variance().size() == 0);
}

}  // namespace rbm_inference_test
