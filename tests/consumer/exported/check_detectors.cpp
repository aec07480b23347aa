// Detectors on a small device, see check.cpp.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <utility>

#include "no_heap.hpp"

namespace {

template <class Scalar>
struct Case {
  const char* name;
  std::size_t size;  // values of a sample
  const Scalar* samples;
  const double *scores, *contributions;
  const Scalar* far;  // a sample for which sums may overflow
  const double* far_contributions;
  double expected_threshold, threshold;
  const std::string_view* names;
  const unsigned char* expected_names;  // of the first two values
};

constexpr std::size_t count = 30, most = 64;

// Whether the header's scores and contributions are the detector's: to a millionth of the largest for float, whose
// rounding in the models is of that order, and to its own rounding for double.
template <class Scalar, class Call>
bool agrees(const Case<Scalar>& of, const Call& call) {
  bool good = true;
  const auto expect = [&](bool holds, const char* what, std::size_t sample, double difference) {
    if (!holds) std::fprintf(stderr, "%s: %s of sample %zu: off by %g\n", of.name, what, sample, difference);
    good = good && holds;
  };
  const auto largest = [](const double* values, std::size_t size) {
    double found = 0;
    for (std::size_t i = 0; i < size; ++i) found = std::fmax(found, std::abs(values[i]));
    return found;
  };
  constexpr double tolerance = sizeof(Scalar) == 4 ? 1e-6 : 1e-12;
  const double score_error = tolerance * largest(of.scores, count);
  const double contribution_error = tolerance * largest(of.contributions, count * of.size);
  expect(score_error > 0 && contribution_error > 0, "all", 0, 0);
  for (std::size_t j = 0; j < count; ++j) {
    static double output[most + 1];
    output[of.size] = 7;
    const auto [score, odd] = call(of.samples + j * of.size, output);
    expect(std::abs(score - of.scores[j]) <= score_error, "score", j, score - of.scores[j]);
    expect(odd == (score > of.threshold), "flag", j, score - of.threshold);
    expect(!(output[of.size] < 7 || output[of.size] > 7), "end of the contributions", j, output[of.size]);
    for (std::size_t i = 0; i < of.size; ++i) {
      const double difference = output[i] - of.contributions[j * of.size + i];
      expect(std::abs(difference) <= contribution_error, "contributions", j, difference);
    }
  }
  expect(!(of.threshold < of.expected_threshold || of.threshold > of.expected_threshold), "threshold", 0, 1);

  // A value that is no number.
  static Scalar sample[most];
  for (const double bad : {static_cast<double>(NAN), static_cast<double>(HUGE_VAL)}) {
    for (std::size_t i = 0; i < of.size; ++i) sample[i] = of.samples[i];
    sample[1] = static_cast<Scalar>(bad);
    static double output[most];
    const auto [score, odd] = call(sample, output);
    bool named = std::isinf(output[1]);
    for (std::size_t i = 0; i < of.size; ++i) named = named && (i == 1 || std::abs(output[i]) < 1e-300);
    expect(std::isinf(score) && score > 0 && odd && named, "not a number", 0, 1);
  }
  static double output[most];
  const auto [score, odd] = call(of.far, output);
  expect(score > 0 && odd, "score of overflow", 0, score);
  const double far_error = tolerance * largest(of.far_contributions, of.size);
  for (std::size_t i = 0; i < of.size; ++i) {
    const double expected = of.far_contributions[i];
    const bool same = std::isinf(far_error) ? std::isinf(output[i]) == std::isinf(expected)
                                            : std::abs(output[i] - expected) <= far_error;
    expect(same && output[i] >= 0, "contributions of overflow", i, output[i]);
  }
  std::size_t k = 0;
  for (std::size_t i = 0; i < 2; ++i)
    for (const char c : of.names[i]) expect(static_cast<unsigned char>(c) == of.expected_names[k++], "name", i, 1);
  expect(of.names[0].size() == 9 && of.names[1].size() == 10 && of.names[2].empty() && of.names[3] == "value 3",
         "names", 0, 1);
  return good;
}

}  // namespace

#include "detector_cases.hpp"

namespace {

// As the header's first lines say: sizes checked by the compiler, working memory on the stack.
bool arrays_agree() {
  namespace detector = squared_error;
  static_assert(sizeof(detector::Input) == 30 * sizeof(float) && detector::input_size == 30);
  static_assert(noexcept(detector::score(detector::Input{}))&& noexcept(detector::predict(detector::Input{})));
  detector::Input input{};
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = squared_error_samples[i];
  detector::Working working;
  detector::Contributions parts, again;
  detector::contributions(input, parts);
  detector::contributions(input.data(), again.data(), working);
  double sum = 0;
  for (const double part : parts) sum += part;
  const double score = detector::score(input), same = detector::score(input.data(), working);
  return parts == again && !(score < same || score > same) && std::abs(sum - score) <= 1e-12 * score &&
         detector::predict(input) == (score > detector::threshold);
}

}  // namespace

int main() {
  armed = true;
  return all_agree() && arrays_agree() ? 0 : 1;
}
