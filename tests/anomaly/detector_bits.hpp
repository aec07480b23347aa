#pragma once

// Small detectors, all that they say in bits, and the contents of their files.
#include <cstring>
#include <eigencoder/anomaly/detector_file.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "anomaly/toy_detector.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

namespace eigencoder {

/// A model of few values, whose sizes may differ within the type.
inline ToyModel small_model(Index values = 6, Index width = 5) {
  return ToyModel{Encoder{Input{values}, Dense{width}, Silu{}, Dense{3}}, Denoising{GaussianNoise{.stddev = 0.2}}};
}

/// Two members of each of two models of other widths.
inline ToyDetector small_detector(const DetectorOptions& options = {.members = 2,
                                                                    .average = ScoreAverage::logarithm,
                                                                    .drift = 0.01},
                                  const NearestReconstructionScore& nearest = {.neighbors = 3, .memory = 12}) {
  return ToyDetector({small_model(), small_model(6, 4)}, options, SquaredErrorScore{}, MahalanobisScore{}, nearest);
}

template <class Detector>
Detector fitted(Detector detector, std::uint64_t seed = 1) {
  const auto samples =
      curve_samples(detector.value_count(), 80, seed).template cast<typename Detector::Scalar>().eval();
  detector.fit(samples, Adam{}, {.epochs = 2, .batch_size = 16});
  return detector;
}

/// Every bit of what a detector says of samples, and of what it learned; empty for one that was not fitted.
template <class Detector>
std::string bits_of(const Detector& detector) {
  std::string bits;
  if (!detector.is_fitted()) return bits;
  const auto add = [&](const auto& values) {
    bits.append(reinterpret_cast<const char*>(values.data()),
                static_cast<std::size_t>(values.size()) * sizeof(*values.data()));
  };
  const auto samples = curve_samples(detector.value_count(), 5, 9).template cast<typename Detector::Scalar>().eval();
  add(detector.score(samples));
  add(detector.p_value(samples));
  for (const bool odd : detector.predict(samples)) bits += odd ? '1' : '0';
  if constexpr (requires { detector.contributions(samples); }) add(detector.contributions(samples));
  add(detector.reconstruct(samples));
  add(detector.calibration_scores());
  add(detector.scaling().offset);
  add(detector.scaling().scale);
  add(detail::DetectorAccess::state(detector).least_scale);
  add(detail::DetectorAccess::state(detector).standards);
  add(std::vector<double>{detector.threshold()});
  return bits;
}

/// The tensor of this name.
inline detail::OwnedTensor& named(detail::FileContents& contents, std::string_view name) {
  for (detail::OwnedTensor& tensor : contents.tensors)
    if (tensor.name == name) return tensor;
  throw std::logic_error("no such tensor");
}
/// The text of this key.
inline std::string& text_of(detail::FileContents& contents, std::string_view key) {
  for (auto& [name, text] : contents.metadata)
    if (name == key) return text;
  throw std::logic_error("no such key");
}

/// Sets value i of a tensor of doubles.
inline void set_value(detail::OwnedTensor& tensor, std::size_t i, double value) {
  std::memcpy(tensor.bytes.data() + i * sizeof value, &value, sizeof value);
}

/// The error of loading a file that must be refused. Checks that the detector stays as it is.
template <class Detector>
std::string refused(Detector& detector, const std::string& path) {
  const std::string before = bits_of(detector);
  const std::string message = thrown<FileError>([&] { load(detector, path); });
  CHECK(says(message, {"cannot ", path}));
  CHECK((bits_of(detector) == before));
  return message;
}

}  // namespace eigencoder
