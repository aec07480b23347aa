// What save writes of a detector, load reads into one that was constructed alike, to the last bit.
#include <eigencoder/anomaly/detector_file.hpp>
#include <eigencoder/serialization/model_file.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "anomaly/detector_bits.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

#if __has_include(<sys/wait.h>)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace eigencoder;
using detail::write_safetensors;

namespace detector_file_test {
namespace {

const std::vector<std::string> odd_names{"pressure",
                                         "\"quoted\", \\",
                                         "two\nlines\t\x01\x7F",
                                         "gr\xC3\xB6\xC3\x9F"
                                         "e",
                                         "",
                                         std::string("a\0b", 3)};

}  // namespace

TEST_CASE("a loaded detector scores, explains and updates to the same bits, and is saved to the same bytes") {
  const TemporaryFolder folder;
  ToyDetector saved = fitted(small_detector()), loaded = small_detector();
  saved.update(curve_samples(6, 3, 4));
  saved.set_threshold(1.25);
  save(saved, folder / "a");
  CHECK_FALSE(loaded.is_fitted());
  load(loaded, folder / "a");
  REQUIRE(loaded.is_fitted());
  CHECK((bits_of(loaded) == bits_of(saved)));
  save(loaded, folder / "b");
  CHECK(bytes_of(folder / "a") == bytes_of(folder / "b"));

  for (ToyDetector* detector : {&saved, &loaded}) {
    detector->update((curve_samples(6, 300, 5) * 0.2F).eval());  // far enough that the least scale counts
    detector->set_false_alarms(0.3);
  }
  CHECK((bits_of(loaded) == bits_of(saved)));

  ToyDetector other = fitted(small_detector(), 3);  // one that knows something else
  load(other, folder / "a");
  save(other, folder / "c");
  CHECK(bytes_of(folder / "a") == bytes_of(folder / "c"));
}

TEST_CASE("a file says what a program needs to construct its detector") {
  const TemporaryFolder folder;
  const DetectorOptions options{.members = 2,
                                .scaling = DetectorScaling::standard,
                                .average = ScoreAverage::standardized,
                                .calibration = 1.0 / 3,
                                .false_alarms = 0.07,
                                .reference = 70,
                                .drift = 1e-3};
  const ToyDetector detector = fitted(small_detector(options));
  const Metadata mine{{"trained by", "me"}, {"note", "\u00fcber \"alles\"\n"}};
  save(detector, folder / "d", {.metadata = mine, .names = odd_names});
  const DetectorMetadata read = read_detector_metadata(folder / "d");
  CHECK(read.metadata == mine);
  REQUIRE(read.find("trained by") != nullptr);
  CHECK(*read.find("trained by") == "me");
  CHECK(read.find("eigencoder.format") == nullptr);
  CHECK(read.names == odd_names);
  CHECK(read.value_count == 6);
  CHECK(read.options == options);
  CHECK(read.scores == std::vector<std::string>{"squared_error", "mahalanobis(with_code = 1)",
                                                "nearest_reconstruction(neighbors = 3, of_reconstruction = 0)"});
  REQUIRE(read.architectures.size() == 4);
  CHECK(read.architectures[0] == read.architectures[1]);
  CHECK(says(read.architectures[2], {"input: 6\nencoder.0: Dense<4> -> 4\nencoder.1: Silu -> 4\n"}));

  ToyDetector loaded = small_detector(read.options);
  const DetectorMetadata found = load(loaded, folder / "d");
  CHECK(found.names == odd_names);
  CHECK(found.metadata == mine);
  CHECK((bits_of(loaded) == bits_of(detector)));

  save(detector, folder / "d");  // without names
  CHECK(read_detector_metadata(folder / "d").names.empty());
  CHECK(read_detector_metadata(folder / "d").metadata.empty());
}

TEST_CASE("scores of one name are told apart, and settings are stored for every score that has some") {
  CHECK(detail::stored_score(SquaredErrorScore{}) == "squared_error");
  CHECK(detail::stored_score(LikelihoodScore{.draws = 7}) ==
        "negative_log_likelihood(estimate = 0, draws = 7, seed = 0)");
  CHECK(detail::stored_score(ReconstructionProbabilityScore{.seed = 3}) ==
        "reconstruction_probability(draws = 20, seed = 3)");
  const TemporaryFolder folder;
  using Twice = AnomalyDetector<ToyModel, MahalanobisScore, MahalanobisScore>;
  const auto make = [] {
    return Twice(small_model(), DetectorOptions{}, MahalanobisScore{}, MahalanobisScore{.with_code = false});
  };
  const Twice detector = fitted(make());
  save(detector, folder / "d");
  const detail::SafetensorsFile file = detail::read_safetensors(folder / "d");
  REQUIRE(file.find("score.0.mahalanobis.1") != nullptr);
  REQUIRE(file.find("score.0.mahalanobis_2.1") != nullptr);
  CHECK(file.find("score.0.mahalanobis.1")->shape == std::vector<std::uint64_t>{9, 9});
  CHECK(file.find("score.0.mahalanobis_2.1")->shape == std::vector<std::uint64_t>{6, 6});
  Twice loaded = make();
  load(loaded, folder / "d");
  CHECK((bits_of(loaded) == bits_of(detector)));
}

TEST_CASE("a model is loaded from a detector's file by its prefix") {
  const TemporaryFolder folder;
  const ToyDetector detector = fitted(small_detector());
  save(detector, folder / "d");
  ToyModel model = small_model(6, 4), other = small_model();
  load(model, folder / "d", {.prefix = "model.3."});
  const auto samples = curve_samples(6, 4, 2);
  CHECK(model.reconstruct(samples) == detector.models()[3].reconstruct(samples));
  CHECK(says(thrown<FileError>([&] { load(model, folder / "d", {.prefix = "model.0."}); }),
             {"of another architecture", "Dense<5>", "Dense<4>"}));
  for (const char* prefix : {"", "model.4.", "scaling."})
    CHECK(says(thrown<FileError>([&] { load(other, folder / "d", {.prefix = prefix}); }),
               {folder / "d", "it holds a detector", "'model.0.'"}));
  CHECK(says(thrown<FileError>([&] { read_architecture(folder / "d"); }), {"it has no architecture metadata"}));
}

TEST_CASE("the scaling of images is stored channel first") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Image<1, 3, 2>, Conv2d<2, 1>, Dense<2>>, Decoder<Mirror>, SquaredError>;
  AnomalyDetector detector{Model{}, DetectorOptions{}};
  detector = fitted(detector);
  save(detector, folder / "d");
  const detail::SafetensorsFile file = detail::read_safetensors(folder / "d");
  for (const auto& [name, values] :
       {std::pair("scaling.offset", detector.scaling().offset), std::pair("scaling.scale", detector.scaling().scale)}) {
    const detail::TensorInfo* info = file.find(name);
    REQUIRE(info != nullptr);
    CHECK(info->shape == std::vector<std::uint64_t>{2, 1, 3});
    for (std::size_t i = 0; i < 6; ++i)
      CHECK(detail::value_at<double>(info->type, file.payload(*info).data(), i) == values[i % 3 * 2 + i / 3]);
  }
  AnomalyDetector<Model> loaded{Model{}, DetectorOptions{}};
  load(loaded, folder / "d");
  CHECK((bits_of(loaded) == bits_of(detector)));
}

TEST_CASE("a file of another detector is refused with the first difference") {
  const TemporaryFolder folder;
  ToyDetector detector = fitted(small_detector());
  const auto refused_of = [&](ToyDetector other) {
    save(fitted(std::move(other)), folder / "o");
    return refused(detector, folder / "o");
  };
  const DetectorOptions options{.members = 2, .average = ScoreAverage::logarithm};
  const NearestReconstructionScore nearest{.neighbors = 3, .memory = 12};
  const auto of_models = [&](const std::vector<ToyModel>& models) {
    return ToyDetector(models, options, SquaredErrorScore{}, MahalanobisScore{}, nearest);
  };
  CHECK(
      says(refused_of(of_models({small_model()})), {"another detector: the file has 2 models, the detector 4 models"}));
  CHECK(says(refused_of(of_models({small_model(), small_model(6, 7)})),
             {"its model 2 is of another architecture: the file has 'encoder.0: Dense<7> -> 7', the model "
              "'encoder.0: Dense<4> -> 4'"}));
  CHECK(says(refused_of(of_models({small_model(7), small_model(7, 4)})),
             {"its model 0 is of another architecture: the file has 'input: 7', the model 'input: 6'"}));
  CHECK(says(refused_of(small_detector(options, {.neighbors = 4})),
             {"the file has the score 'nearest_reconstruction(neighbors = 4, of_reconstruction = 0)', the detector "
              "'nearest_reconstruction(neighbors = 3, of_reconstruction = 0)'"}));
  CHECK(says(refused_of(small_detector(options, {.neighbors = 3, .of_reconstruction = true})),
             {"the score 'nearest_reconstruction(neighbors = 3, of_reconstruction = 1)'"}));
  CHECK(says(refused_of(small_detector({.members = 2, .average = ScoreAverage::standardized})),
             {"the file has the average 'standardized', the detector 'logarithm'"}));
  CHECK(says(refused_of(small_detector(
                 {.members = 2, .scaling = DetectorScaling::robust, .average = ScoreAverage::logarithm})),
             {"the file has the scaling 'robust', the detector 'standard'"}));

  save(small_model(), folder / "o");
  CHECK(says(refused(detector, folder / "o"), {"it holds a model, not a detector"}));
  CHECK(says(thrown<FileError>([&] { read_detector_metadata(folder / "o"); }), {folder / "o", "it holds a model"}));
  write_safetensors(folder / "o", detail::model_contents(small_model(), {}).tensors);
  CHECK(says(refused(detector, folder / "o"), {"it holds no detector"}));
  CHECK(says(refused(detector, folder / "none"), {folder / "none"}));

  // Files that a detector of the same type never writes.
  const auto changed = [&](const char* key, const char* text) {
    detail::FileContents contents = detail::detector_contents(detector, {});
    text_of(contents, key) = text;
    write_safetensors(folder / "o", contents.tensors, contents.metadata);
    return refused(detector, folder / "o");
  };
  CHECK(says(changed("eigencoder.detector.format", "2"), {"of the detectors' format '2', this library reads '1'"}));
  CHECK(says(changed("eigencoder.format", "1"), {"it is of format '1', this library reads '2'"}));
  CHECK(
      says(changed("eigencoder.detector.scores", "squared_error\n"), {"the file has 1 score, the detector 3 scores"}));
  CHECK(says(changed("eigencoder.detector.scores", "squared_error\nmahalanobis(with_code = 0)\nx\n"),
             {"the score 'mahalanobis(with_code = 0)', the detector 'mahalanobis(with_code = 1)'"}));
}

TEST_CASE("values that no detector learns are refused by name, and so are missing and further tensors") {
  const TemporaryFolder folder;
  ToyDetector detector = fitted(small_detector(), 3);
  const detail::FileContents whole = detail::detector_contents(fitted(small_detector()), {});
  const auto refused_after = [&](const auto& change) {
    detail::FileContents contents = whole;
    change(contents);
    write_safetensors(folder / "d", contents.tensors, contents.metadata);
    return refused(detector, folder / "d");
  };
  const auto with = [&](const char* name, std::size_t i, double value) {
    return refused_after([&](detail::FileContents& contents) { set_value(named(contents, name), i, value); });
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

  for (const char* name :
       {"scaling.offset", "scaling.scale", "scaling.least_scale", "standards", "calibration", "threshold",
        "score.0.mahalanobis.0", "score.3.mahalanobis.1", "score.2.nearest_reconstruction.0"})
    CHECK(says(with(name, 0, nan), {"its tensor '" + std::string(name) + "' holds nan at value 0"}));
  CHECK(says(with("scaling.offset", 5, -infinity), {"'scaling.offset' holds -inf at value 5", "finite"}));
  for (const double value : {0.0, -1.0, infinity})
    for (const char* name : {"scaling.scale", "scaling.least_scale"})
      CHECK(says(with(name, 3, value), {name, "at value 3, which must be finite and above 0"}));
  CHECK(says(with("standards", 12, 0), {"'standards' holds", "deviation"}));
  CHECK(says(with("standards", 1, infinity), {"'standards' holds a mean that is not finite"}));
  CHECK(says(with("calibration", 0, 1e6), {"'calibration' holds", "at value 1", "at least the one before"}));
  CHECK(says(with("score.1.mahalanobis.0", 2, infinity), {"model 1: mahalanobis: expected a mean of 9 values"}));
  CHECK(says(with("score.1.mahalanobis.1", 0, -1), {"model 1: mahalanobis: the covariance is not positive definite"}));
  CHECK(says(with("score.1.mahalanobis.1", 1, 1e3), {"the covariance is not positive definite"}));  // not symmetric
  CHECK(says(with("score.1.nearest_reconstruction.0", 7, infinity), {"model 1: nearest_reconstruction: expected"}));
  CHECK(says(refused_after([](detail::FileContents& contents) {
               auto& tensor = named(contents, "model.2.encoder.2.bias");
               const float bad = std::numeric_limits<float>::quiet_NaN();
               std::memcpy(tensor.bytes.data() + 4, &bad, sizeof bad);
             }),
             {"its tensor 'model.2.encoder.2.bias' holds NaN or infinity, at value 1"}));

  CHECK(says(refused_after([](detail::FileContents& contents) {
               auto& tensor = named(contents, "model.1.encoder.0.bias");
               tensor.type = detail::DType::F64;  // as Precision<double> has it
               tensor.bytes.resize(2 * tensor.bytes.size());
             }),
             {"its tensor 'model.1.encoder.0.bias' is F64, the model has F32"}));

  const auto reshaped = [&](const char* name, std::vector<std::uint64_t> shape) {
    return refused_after([&](detail::FileContents& contents) {
      auto& tensor = named(contents, name);
      std::uint64_t count = 1;
      for (const std::uint64_t side : shape) count *= side;
      tensor.shape = shape;
      tensor.bytes.resize(static_cast<std::size_t>(count) * 8);
    });
  };
  CHECK(says(reshaped("scaling.offset", {2, 3}), {"its tensor 'scaling.offset' is 2x3, the detector has 6"}));
  CHECK(says(reshaped("scaling.least_scale", {7}), {"'scaling.least_scale' is 7, the detector has 6"}));
  CHECK(says(reshaped("calibration", {0}), {"'calibration' is 0, not a list of scores"}));
  CHECK(says(reshaped("calibration", {4, 4}), {"'calibration' is 4x4, not a list of scores"}));
  CHECK(says(reshaped("threshold", {1}), {"'threshold' is 1, the detector has a single value"}));
  CHECK(says(reshaped("standards", {2, 11}), {"'standards' is 2x11, the detector has 2x12"}));
  CHECK(says(reshaped("score.0.mahalanobis.1", {81}), {"'score.0.mahalanobis.1' is 81, not a matrix"}));
  CHECK(says(reshaped("score.0.mahalanobis.1", {8, 8}), {"model 0: mahalanobis: expected a mean of 9 values"}));
  CHECK(says(reshaped("score.0.nearest_reconstruction.0", {0, 6}), {"expected a memory of reconstructions of 6"}));
  CHECK(says(reshaped("score.0.nearest_reconstruction.0", {std::uint64_t{1} << 62, 0}), {"expected a memory"}));
  CHECK(says(reshaped("score.0.nearest_reconstruction.0", {std::uint64_t{1} << 63, 0}), {"not a matrix"}));

  for (const detail::OwnedTensor& tensor : whole.tensors) {
    const std::string name = tensor.name;
    const std::string message = refused_after([&](detail::FileContents& contents) {
      std::erase_if(contents.tensors, [&](const auto& t) { return t.name == name; });
    });
    const bool is_learned = name.starts_with("score.");
    CHECK(says(message, {is_learned ? std::string_view("expected a m") : std::string_view(name)}));
  }
  for (const char* name : {"other", "model.0.scaling.offset", "model.4.encoder.0.weight", "score.0.mahalanobis.2",
                           "score.0.squared_error.0", "score.4.mahalanobis.0", "training.counts"})
    CHECK(refused_after([&](detail::FileContents& contents) {
            contents.tensors.push_back({name, detail::DType::F64, {1, 1}, std::vector<std::uint8_t>(8)});
          }) != "");
  CHECK(says(refused_after([](detail::FileContents& contents) {
               auto& tensor = named(contents, "calibration");
               tensor.type = detail::DType::F32;
               tensor.shape = {2 * tensor.shape[0]};
             }),
             {"its tensor 'calibration' is F32, not F64"}));
  for (const char* name : {"threshold", "calibration"}) {  // an infinite score and threshold are legal
    detail::FileContents contents = whole;
    auto& tensor = named(contents, name);
    set_value(tensor, tensor.bytes.size() / 8 - 1, infinity);
    write_safetensors(folder / "d", contents.tensors, contents.metadata);
    ToyDetector other = small_detector();
    CHECK_NOTHROW(load(other, folder / "d"));
  }
}

TEST_CASE("damaged metadata are refused, with or without a detector") {
  const TemporaryFolder folder;
  ToyDetector detector = fitted(small_detector());
  const detail::FileContents whole = detail::detector_contents(detector, {.names = odd_names});
  const auto refused_after = [&](const auto& change) {
    detail::FileContents contents = whole;
    change(contents);
    write_safetensors(folder / "d", contents.tensors, contents.metadata);
    CHECK(says(thrown<FileError>([&] { read_detector_metadata(folder / "d"); }), {folder / "d"}));
    return refused(detector, folder / "d");
  };
  const auto with = [&](const char* key, const std::string& text) {
    return refused_after([&](detail::FileContents& contents) { text_of(contents, key) = text; });
  };
  const std::string options = "eigencoder.detector.options", names = "eigencoder.detector.names";
  std::string good;
  for (const auto& [key, text] : whole.metadata)
    if (key == options) good = text;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    REQUIRE(text.find(from) != text.npos);
    return with(options.c_str(), text.replace(text.find(from), from.size(), to));
  };
  CHECK(says(replaced("members = 2", "members = 0"), {"options are damaged", "DetectorOptions.members"}));
  CHECK(says(replaced("members = 2", "members = 2.5"), {"'members = 2.5' is no value of members"}));
  CHECK(says(replaced("members = 2", "members = 1e300"), {"no value of members"}));
  CHECK(says(replaced("members = 2\n", ""), {"'scaling = standard' is no value of members"}));
  CHECK(says(replaced("scaling = standard", "scaling = other"), {"'scaling = other' is no value of scaling"}));
  CHECK(says(replaced("drift = 0.01", "drift = nan"), {"no value of drift"}));
  CHECK(says(replaced("drift = 0.01", "drift = 1"), {"options are damaged", "DetectorOptions.drift"}));
  CHECK(says(replaced("drift = 0.01\n", "drift = 0.01\nmore = 1\n"), {"'more = 1"}));
  CHECK(says(with(names.c_str(), R"(["a","b"])"), {"it has 2 names for samples of 6 values"}));
  for (const char* text : {"", "[", R"(["a",1,"c","d","e","f"])", R"({"a":"b"})", "6", R"(["a","b","c","d","e","f",])"})
    CHECK(says(with(names.c_str(), text), {"its names are no list of texts"}));
  CHECK(says(with("eigencoder.detector.scores", ""), {"no scores or no models"}));
  const auto without = [&](std::string_view ending) {
    return refused_after([&](detail::FileContents& contents) {
      std::erase_if(contents.metadata, [&](const auto& entry) { return entry.first.ends_with(ending); });
    });
  };
  for (const char* key : {"eigencoder.detector.options", "eigencoder.detector.scores"})
    CHECK(says(without(key), {"its metadata have no '" + std::string(key) + "'", "damaged"}));
  CHECK(says(without(".architecture"), {"no scores or no models"}));
}

TEST_CASE("a file that was cut, or in which a byte changed, is refused") {
  const TemporaryFolder folder;
  const auto make = [] { return ToyDetector(small_model(3, 2), {}, {}, {}, {.memory = 2}); };
  ToyDetector detector = fitted(make(), 3);
  const ToyDetector source = fitted(make());
  save(source, folder / "d");
  const std::vector<std::uint8_t> bytes = bytes_of(folder / "d");
  for (std::size_t size = 0; size < bytes.size(); size += 23) {
    const std::string path = folder.put("cut", std::span(bytes).first(size));
    CHECK(says(thrown<FileError>([&] { load(detector, path); }), {path}));
    CHECK(says(thrown<FileError>([&] { read_detector_metadata(path); }), {path}));
  }
  const std::string before = bits_of(detector), wanted = bits_of(source);
  int refusals = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::vector<std::uint8_t> changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1U << i % 8);
    const std::string path = folder.put("changed", changed);
    ToyDetector copy = detector;
    if (thrown<FileError>([&] { load(copy, path); }).empty()) {
      REQUIRE((bits_of(copy) == wanted));  // a blank of the header, say
    } else {
      REQUIRE((bits_of(copy) == before));
      ++refusals;
    }
  }
  CHECK(refusals > 100);
}

TEST_CASE("what cannot be saved is refused, and the old file stays") {
  const TemporaryFolder folder;
  const ToyDetector detector = fitted(small_detector());
  const std::vector<std::uint8_t> old = {'o', 'l', 'd'};
  const std::string path = folder.put("d", old);
  CHECK(says(thrown<OptionError>([&] { save(small_detector(), path); }), {"has learned nothing"}));
  CHECK(says(thrown<ShapeError>([&] {
               save(detector, path, {.names = {"a", "b"}});
             }),
             {"DetectorSaveOptions.names: 2 names for samples of 6 values"}));
  CHECK(says(thrown<DataError>([&] {
               save(detector, path,
                    {.names = {"a", "b", "c", "d",
                               "Gr\xF6\xDF"
                               "e",
                               "f"}});
             }),
             {"DetectorSaveOptions.names: name 4", "not valid UTF-8"}));
  CHECK_THROWS_AS(save(detector, path, {.metadata = {{"eigencoder.mine", "x"}}}), OptionError);
  CHECK_THROWS_AS(save(detector, path, {.metadata = {{"a", "x"}, {"a", "y"}}}), OptionError);
  CHECK(bytes_of(path) == old);
  CHECK(says(thrown<FileError>([&] { save(detector, folder / "none/d"); }), {folder / "none/d"}));
#ifdef __linux__
  CHECK(says(thrown<FileError>([&] { save(detector, "/dev/full"); }), {"/dev/full"}));
#endif
  CHECK(folder.entries() == 1);
}

#if __has_include(<sys/wait.h>)
TEST_CASE("a program that is killed while it saves leaves the old file or the new one, whole") {
  const TemporaryFolder folder;
  const std::string path = folder / "d";
  const ToyDetector first = fitted(small_detector()), second = fitted(small_detector(), 3);
  const std::string bits[] = {bits_of(first), bits_of(second)};
  ToyDetector loaded = small_detector();
  save(first, path);
  int killed = 0;
  for (useconds_t round = 0; round < 40; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 10000; ++i) save(i % 2 == 0 ? second : first, path);
      _exit(0);
    }
    REQUIRE(child > 0);
    usleep(500 + 137 * round);
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    load(loaded, path);
    const std::string found = bits_of(loaded);
    REQUIRE((found == bits[0] || found == bits[1]));
  }
  CHECK(killed == 40);
}
#endif

}  // namespace detector_file_test
