// write_detectors <folder>: writes trained detectors as headers into the folder, and detector_cases.hpp: samples, and
// what the detectors say of them.
#include <cmath>
#include <cstdio>
#include <eigencoder/anomaly.hpp>
#include <eigencoder/anomaly/export_detector.hpp>
#include <eigencoder/eigencoder.hpp>
#include <limits>
#include <string>
#include <vector>

using namespace eigencoder;

namespace {

/// Samples near a curve, in units of their own value by value; the last third is not of the kind.
template <class Scalar>
MatrixX<Scalar> some_samples(Index values, Index count, std::uint64_t seed) {
  Random random(seed, Purpose::user);
  MatrixX<Scalar> samples(values, count);
  for (Index j = 0; j < count; ++j) {
    const double a = random.normal(), b = random.normal();
    for (Index i = 0; i < values; ++i) {
      const auto k = static_cast<double>(i);
      const double value = a * std::cos(k) + b * std::sin(k) + 0.3 * random.normal();
      samples(i, j) = static_cast<Scalar>(100 + k * (3 * j < 2 * count ? value : 1 - value));
    }
  }
  return samples;
}

class Writer {
 public:
  explicit Writer(const std::string& folder)
      : folder_(folder), file_(std::fopen((folder + "/detector_cases.hpp").c_str(), "w")) {}
  ~Writer() { std::fclose(file_); }

  template <class Detector>
  void write(const std::string& name, Detector detector) {
    using Scalar = typename Detector::Scalar;
    const Index values = detector.value_count();
    detector.fit(some_samples<Scalar>(values, 300, 1), Adam{}, {.epochs = 4, .batch_size = 32});
    std::vector<std::string> names;
    for (Index i = 0; i < values; ++i) names.push_back("value " + std::to_string(i));
    names[0] = std::string(
        "\"\\\?\?/\n\t\0"
        "7",
        9);
    names[1] =
        "gr\xC3\xB6\xC3\x9F"
        "e\x7F*/";
    names[2] = "";
    export_header(detector, folder_ + "/" + name + ".hpp", {.name = name, .names = names});

    const MatrixX<Scalar> samples = some_samples<Scalar>(values, 30, 2);
    std::fprintf(file_, "#include \"%s.hpp\"\n", name.c_str());
    array<Scalar>(name + "_samples", samples);
    array<double>(name + "_scores", detector.score(samples));
    array<double>(name + "_contributions", detector.contributions(samples));
    // So far away that most sums overflow.
    const Scalar factor = (std::numeric_limits<Scalar>::max)() / 2048;
    const MatrixX<Scalar> far = (samples.leftCols(1).array() - Scalar(100)) * factor;
    array<Scalar>(name + "_far", far);
    array<double>(name + "_far_contributions", detector.contributions(far));
    std::fprintf(file_, "inline constexpr double %s_threshold = %a;\n", name.c_str(), detector.threshold());
    std::fprintf(file_, "inline constexpr unsigned char %s_name[] = {", name.c_str());
    for (const char c : names[0] + names[1]) std::fprintf(file_, "%d, ", static_cast<unsigned char>(c));
    std::fprintf(file_, "};\n");
    checks_ += "  all &= agrees<" + name + "::Scalar>({\"" + name + "\", " + name + "::input_size, " + name +
               "_samples, " + name + "_scores, " + name + "_contributions, " + name + "_far, " + name + "_far_contributions, " + name + "_threshold, " + name +
               "::threshold, " + name + "::names, " + name +
               "_name},\n      [](const auto* input, double* output) {\n" + "        " + name +
               "::Working working;\n        " + name + "::contributions(input, output, working);\n" +
               "        const bool odd = " + name + "::predict(input, working);\n" + "        return std::pair(" +
               name + "::score(input, working), odd);\n      });\n";
  }
  void end() {
    std::fprintf(file_, "\ninline bool all_agree() {\n  bool all = true;\n%s  return all;\n}\n", checks_.c_str());
  }

 private:
  template <class Number, class Values>
  void array(const std::string& name, const Values& values) {
    const bool is_float = sizeof(Number) == 4;
    std::fprintf(file_, "inline constexpr %s %s[] = {", is_float ? "float" : "double", name.c_str());
    for (std::size_t i = 0; i < static_cast<std::size_t>(values.size()); ++i)
      if (std::isinf(values.data()[i])) std::fprintf(file_, "HUGE_VAL,\n");
      else std::fprintf(file_, "%a%s,\n", static_cast<double>(values.data()[i]), is_float ? "f" : "");
    std::fprintf(file_, "};\n");
  }

  std::string folder_, checks_;
  std::FILE* file_;
};

template <class Scalar>
auto model(Index width, Index values = 20) {
  return Autoencoder{Encoder{Input{values}, Dense{width}, Silu{}, Dense{5}}, Mirror{}, SquaredError{},
                     Precision<Scalar>{}};
}

/// Two members of each of two models of other widths, and all scores.
template <class Scalar>
auto several(ScoreAverage average, bool of_reconstruction = false) {
  return AnomalyDetector(
      std::vector{model<Scalar>(12), model<Scalar>(17)}, DetectorOptions{.members = 2, .average = average},
      MahalanobisScore{},
      NearestReconstructionScore{.neighbors = 4, .memory = 40, .of_reconstruction = of_reconstruction},
      SquaredErrorScore{}, MahalanobisScore{.with_code = false});
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  Writer writer(arguments[1]);
  writer.write("squared_error", AnomalyDetector{Autoencoder{Encoder{Input{30}, Dense{64}, Silu{}, Dense{8}}, Mirror{},
                                                            SquaredError{}, Precision<float>{}},
                                                DetectorOptions{}});
  writer.write("mean", several<float>(ScoreAverage::mean));
  writer.write("logarithm", several<float>(ScoreAverage::logarithm));
  writer.write("standardized", several<float>(ScoreAverage::standardized, true));
  writer.write("logarithm_double", several<double>(ScoreAverage::logarithm, true));
  writer.write("standardized_double", several<double>(ScoreAverage::standardized));
  // Of images, whose decoder reads the encoder.
  using Images = Autoencoder<
      Encoder<Image<4, 4, 2>, Conv2d<3, 3, Same>, Relu, MaxPool2d<2>, Dense<4>>,
      Decoder<Dense<12>, Reshape<2, 2, 3>, MaxUnpool2d<AtLayer<2>>, SkipConcatenate<AtLayer<1>>, Conv2d<2, 3, Same>>,
      Gaussian>;
  writer.write("images", AnomalyDetector{Images{}, {.scaling = DetectorScaling::min_max}, SquaredErrorScore{}});
  writer.end();
}
