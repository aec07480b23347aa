#pragma once

#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/testing.hpp>
#include <vector>

#include "support/catch.hpp"
#include "laws/samples.hpp"

namespace eigencoder {

// The gradient law, away from the initial scales and shifts.
template <class Model>
void check_model_gradients(Model model, Index batch) {
  model.initialize(2);
  Random random(5, Purpose::user);
  for (double& value : model.parameters()) value += 0.3 * random.normal();
  const MatrixX<double> x = laws::samples(model.input_shape().size(), batch, false);
  INFO(model.layout().blocks().size() << " blocks, batch of " << batch);
  CHECK(gradient_error(model, x).worst <= 1e-7);
}

// Training and inference of a model of 12 x 12 images give the same bits on any number of threads.
template <class Model>
void check_same_bits_on_any_team() {
  Model model;
  const MatrixX<float> x = laws::samples<float>(model.input_shape().size(), 150, false);
  const auto trained = [&](int team) {
    set_threads(team);
    model = Model();
    model.fit(x, Sgd{.learning_rate = 1e-2}, {.epochs = 2, .batch_size = 75, .seed = 1});
    set_threads(0);
    std::vector<float> values(model.parameters().begin(), model.parameters().end());
    values.insert(values.end(), model.statistics().begin(), model.statistics().end());
    const MatrixX<float> y = model.reconstruct(x);
    values.insert(values.end(), y.data(), y.data() + y.size());
    return values;
  };
  const auto one = trained(1);
  for (const int team : {2, 3, 8}) {
    INFO(team << " threads");
    CHECK((trained(team) == one));
  }
}

}  // namespace eigencoder
