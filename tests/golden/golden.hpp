#pragma once

/// @file
/// Comparison of a model with what libtorch made of it, which generate.cpp wrote to data/.
#include <eigencoder/eigencoder.hpp>

#include "support/catch.hpp"

#include <fstream>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace golden {

using namespace eigencoder;

/// The largest differences, relative to the largest absolute value of the array.
constexpr double forward_tolerance = 1e-12;
constexpr double gradient_tolerance = 1e-10;
constexpr double training_tolerance = 1e-9;

constexpr Index steps = 10;

using Vector = Eigen::VectorXd;
using Matrix = MatrixX<double>;

/// The arrays of one file, by the name `<case>/<array>`.
class Fixture {
 public:
  explicit Fixture(const std::string& name) {
    const std::string path = EIGENCODER_GOLDEN_DIR "/" + name + ".txt";
    std::ifstream in(path);
    std::string array;
    for (Index count = 0; in >> array >> count;) {
      Vector numbers(count);
      for (double& number : numbers) in >> number;
      arrays_[array] = numbers;
    }
    if (!in.eof() || arrays_.empty()) throw std::runtime_error("cannot read " + path);
  }

  const Vector& operator()(const std::string& of_case, const char* array) const {
    return arrays_.at(of_case + "/" + array);
  }
  /// A sample a column; unknown values are NaN.
  Matrix samples(const std::string& of_case, const char* array, Index values) const {
    const Vector& all = (*this)(of_case, array);
    Matrix found = Eigen::Map<const Matrix>(all.data(), values, all.size() / values);
    const auto mask = arrays_.find(of_case + "/" + array + "_mask");
    if (mask != arrays_.end())
      for (Index i = 0; i < found.size(); ++i)
        if (mask->second(i) == 0) found.data()[i] = std::numeric_limits<double>::quiet_NaN();
    return found;
  }

 private:
  std::map<std::string, Vector> arrays_;
};

template <class Derived>
void check_close(const char* what, const Eigen::DenseBase<Derived>& actual, const Vector& expected,
                 double tolerance) {
  INFO(what);
  const Vector flat = actual.derived().reshaped();
  REQUIRE(flat.size() == expected.size());
  const double difference = (flat - expected).cwiseAbs().template maxCoeff<Eigen::PropagateNaN>();
  CHECK(difference <= tolerance * expected.cwiseAbs().maxCoeff());
}
inline void check_close(const char* what, double actual, const Vector& expected, double tolerance) {
  check_close(what, Vector::Constant(1, actual), expected, tolerance);
}

/// Where the values of an array of the model lie, between the padding: (first, count) of each block.
using Places = std::vector<std::pair<Index, Index>>;

inline Places parameter_places(const ParameterLayout& layout) {
  Places places;
  for (const auto& block : layout.blocks()) places.emplace_back(block.offset, block.size());
  return places;
}
inline Places statistics_places(const ParameterLayout& layout) {
  Places places;
  for (const auto& block : layout.statistics_blocks()) places.emplace_back(block.offset, block.size);
  return places;
}

inline Vector packed(std::span<const double> padded, const Places& places) {
  std::vector<double> all;
  for (const auto& [first, count] : places)
    for (Index i = first; i < first + count; ++i) all.push_back(padded[static_cast<std::size_t>(i)]);
  return Eigen::Map<const Vector>(all.data(), std::ssize(all));
}
inline void unpack(const Vector& all, const Places& places, std::span<double> padded) {
  Index used = 0;
  for (const auto& [first, count] : places)
    for (Index i = first; i < first + count; ++i) padded[static_cast<std::size_t>(i)] = all(used++);
  REQUIRE(used == all.size());
}

/// The model as the case begins.
template <class Model>
void prepare(Model& model, const Fixture& fixture, const std::string& name) {
  unpack(fixture(name, "parameters"), parameter_places(model.layout()), model.parameters());
  if (!model.statistics().empty())
    unpack(fixture(name, "statistics"), statistics_places(model.layout()), model.statistics());
}

/// The forward passes in inference, and the objective with its gradient.
template <class Model>
void check_passes(const Fixture& fixture, const std::string& name, Model model) {
  INFO(name);
  prepare(model, fixture, name);
  const Index values = model.input_shape().size();
  const Matrix inputs = fixture.samples(name, "inputs", values), targets = fixture.samples(name, "targets", values);
  check_close("code", model.encode(inputs), fixture(name, "code"), forward_tolerance);
  check_close("output", model.reconstruct(inputs), fixture(name, "output"), forward_tolerance);
  check_close("inference loss", model.evaluate(inputs, targets).loss, fixture(name, "inference_loss"),
              forward_tolerance);

  std::vector<double> gradient(model.parameters().size());
  const double objective = model.gradient(inputs, targets, gradient);
  check_close("objective", objective, fixture(name, "objective"), forward_tolerance);
  check_close("gradient", packed(gradient, parameter_places(model.layout())), fixture(name, "gradient"),
              gradient_tolerance);
}

/// Ten steps on all samples.
template <class Model>
void check_training(const Fixture& fixture, const std::string& name, const Model& model,
                    const Optimizer auto& optimizer, FitOptions<double> options = {}) {
  INFO(name);
  const Index values = model.input_shape().size();
  const Matrix inputs = fixture.samples(name, "inputs", values), targets = fixture.samples(name, "targets", values);
  options.epochs = steps;
  options.batch_size = inputs.cols();
  options.shuffle = false;
  for (const bool fused : {true, false}) {
    INFO((fused ? "fused" : "unfused"));
    options.fuse_updates = fused;
    Model trained = model;
    prepare(trained, fixture, name);
    const History history = trained.fit(inputs, targets, optimizer, options);

    Vector losses(steps);
    for (std::size_t i = 0; const EpochReport& report : history.epochs) {
      losses(static_cast<Index>(i)) = report.train_loss;
      for (const Term& term : report.terms)
        if (term.in_objective) losses(static_cast<Index>(i)) -= term.value;
      ++i;
    }
    check_close("losses", losses, fixture(name, "losses"), training_tolerance);
    check_close("trained parameters", packed(trained.parameters(), parameter_places(trained.layout())),
                fixture(name, "trained_parameters"), training_tolerance);
    if (trained.statistics().empty()) continue;
    check_close("trained statistics", packed(trained.statistics(), statistics_places(trained.layout())),
                fixture(name, "trained_statistics"), training_tolerance);
    check_close("trained output", trained.reconstruct(inputs), fixture(name, "trained_output"),
                training_tolerance);
  }
}

inline const Sgd plain{.learning_rate = 0.02};

template <class Model>
void check_both(const Fixture& fixture, const std::string& name, const Model& model) {
  check_passes(fixture, name, model);
  check_training(fixture, name, model, plain);
}

}  // namespace golden
