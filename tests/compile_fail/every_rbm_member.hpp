#pragma once

#include <eigencoder/eigencoder.hpp>
#include <eigencoder/pretraining.hpp>

using namespace eigencoder;

inline const MatrixX<float> rbm_samples = MatrixX<float>::Zero(4, 10);

/// Calls every member of a machine. An illegal one must bring no error but its own.
template <class Machine>
void every_rbm_member(Machine machine) {
  machine.initialize(7);
  machine.initialize(7, rbm_samples);
  machine.fit(rbm_samples, Adam{}, {.epochs = 2});
  const Machine copy = machine;
  const MatrixX<float> codes = copy.encode(rbm_samples), decoded = copy.decode(codes),
                       reconstructed = copy.reconstruct(rbm_samples), drawn = copy.sample(3, {.steps = 2}),
                       further = copy.sample(rbm_samples);
  Workspace<float> workspace;
  const auto in_place = copy.encode(rbm_samples, workspace), back = copy.decode(codes, workspace),
             again = copy.reconstruct(rbm_samples, workspace);
  static_cast<void>(in_place), static_cast<void>(back), static_cast<void>(again);
  const std::vector<double> energies = copy.free_energy(rbm_samples);
  std::vector<float> gradient(machine.parameters().size());
  const double loss = copy.gradient(rbm_samples, gradient);
  machine.weights() *= 2;
  machine.visible_bias() *= 2;
  machine.hidden_bias() *= 2;
  machine.log_variance() *= 2;
  const auto sizes = copy.visible_size() + copy.hidden_size() + copy.weights().size() + copy.visible_bias().size() +
                     copy.hidden_bias().size() + copy.log_variance().size() + copy.input_shape().size();
  const auto counts = copy.parameters().size() + copy.statistics().size() + copy.layout().blocks().size() +
                      copy.epochs().size() + static_cast<std::size_t>(copy.parameter_count());
  static_cast<void>(copy.visible()), static_cast<void>(copy.hidden()), static_cast<void>(sizes);
  static_cast<void>(decoded), static_cast<void>(reconstructed), static_cast<void>(drawn), static_cast<void>(further);
  static_cast<void>(energies), static_cast<void>(loss), static_cast<void>(counts);
}
