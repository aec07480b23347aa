#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <tuple>
#include <utility>
#include <vector>

/// @file
/// The scores of one autoencoder of a detector: how samples pass through it, and what the scores say of them.
namespace eigencoder::detail {

/// Whether a model decodes bare codes, so that one pass gives codes and reconstructions.
template <class Model>
struct DecodesAlone;
template <template <class...> class ModelOf, class E, class D, class... Rest>
struct DecodesAlone<ModelOf<E, D, Rest...>> {
  using Layers = decltype(assemble<Rest...>(std::declval<const E&>(), std::declval<const D&>()));
  static constexpr bool value = DecodesCodes<ModelOf<E, D, Rest...>::legal, Layers>::diagnosis.ok();
};

template <class S>
constexpr bool reads_codes() {
  if constexpr (requires { S::reads_codes; })
    return S::reads_codes;
  else
    return false;
}
template <class S>
constexpr bool may_be_negative() {
  if constexpr (requires { S::may_be_negative; })
    return S::may_be_negative;
  else
    return false;
}
template <class S, class Scalar>
concept Contributes = requires(const S& score, const ScoreInputs<Scalar>& inputs, const ScoreState& state,
                               Buffer<double>& scratch, double* out) {
  score.contributions(inputs, state, scratch, out);
};

/// The memory of one thread that scores samples.
template <class Scalar>
struct ScoreMemory {
  Workspace<Scalar> workspace{1};
  Buffer<Scalar> samples, codes;  ///< scaled samples, and their codes
  Buffer<Scalar> filled;          ///< scaled samples without gaps
  Buffer<double> scratch;         ///< of the scores
  Buffer<double> parts;           ///< scores of one model, score by score
  Buffer<double> contributions;   ///< of one score
};

/// The scores of a detector, in their order.
template <class Model, class... Scores>
class ScoreSet {
  using Scalar = typename Model::Scalar;
  static constexpr bool reads_any_code = (reads_codes<Scores>() || ...);

 public:
  static constexpr std::size_t count = sizeof...(Scores);
  using States = std::vector<ScoreState>;  ///< one for each score

  ScoreSet() = default;
  explicit ScoreSet(const Scores&... scores)
    requires(count > 0)
      : scores_(scores...) {}

  void validate(ScoreAverage average) const {
    each([&]<class S>(std::size_t, const S& score) {
      score.validate();
      if (may_be_negative<S>() && average == ScoreAverage::logarithm)
        throw OptionError(message(
            {"DetectorOptions.average: ", S::name, " may be negative and has no logarithm; average it standardized"}));
    });
  }

  /// Sends scaled samples through the model. The result lies in `memory` and in `samples`; unknown values are replaced
  /// by their reconstructions.
  ScoreInputs<Scalar> inputs(const Model& model, View<Scalar> samples, ScoreMemory<Scalar>& memory) const {
    ScoreInputs<Scalar> found = pass(model, samples, memory);
    if constexpr (Model::allows_missing) {
      found.given = samples;
      if (found.reconstructions.data()) {
        const Index rows = samples.rows();
        Scalar* const filled = memory.filled.ensure_size(rows * samples.cols());
        for (Index j = 0; j < samples.cols(); ++j)
          for (Index i = 0; i < rows; ++i) {
            const Scalar value = samples.column(j)[i];
            filled[j * rows + i] = (std::isnan)(value) ? found.reconstructions.column(j)[i] : value;
          }
        found.samples = {filled, rows, samples.cols()};
      }
    }
    return found;
  }

  /// Learns the state of each score from scaled samples that passed through one model.
  States fit(const ScoreInputs<Scalar>& inputs, std::uint64_t seed) const {
    States states(count);
    each([&]<class S>(std::size_t k, const S& score) {
      if constexpr (requires { score.fit(inputs, seed, states[k]); }) score.fit(inputs, seed, states[k]);
    });
    return states;
  }

  /// Computes what the scores derive from what they learned. @throws DataError where they cannot have learned it
  void prepare(const Model& model, States& states) const {
    each([&]<class S>(std::size_t k, const S& score) {
      if constexpr (requires { score.prepare(Index{}, Index{}, states[k]); })
        score.prepare(model.input_shape().size(), model.code_size(), states[k]);
    });
  }

  /// Writes the scores of samples that passed through a model, all of the first score, then all of the next.
  void evaluate(const Model& model, View<Scalar> samples, const ScoreInputs<Scalar>& inputs, const States& states,
                ScoreMemory<Scalar>& memory, double* scores) const {
    const Index n = samples.cols();
    each([&]<class S>(std::size_t k, const S& score) {
      double* const own = scores + static_cast<Index>(k) * n;
      if constexpr (AnomalyScore<S>) score.evaluate(inputs, states[k], memory.scratch, own);
      else score.evaluate(model, samples, own);
    });
  }

  /// Calls `visit(k, contributions)` with each score's contributions, values x samples.
  template <class Visit>
  void contributions(const ScoreInputs<Scalar>& inputs, const States& states, ScoreMemory<Scalar>& memory,
                     const Visit& visit) const {
    each([&]<class S>(std::size_t k, const S& score) {
      double* const own = memory.contributions.ensure_size(inputs.samples.rows() * inputs.samples.cols());
      score.contributions(inputs, states[k], memory.scratch, own);
      visit(k, own);
    });
  }

  /// Calls `visit(k, score)` for each score.
  template <class Visit>
  void each(const Visit& visit) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) { (visit(K, std::get<K>(scores_)), ...); }
    (std::index_sequence_for<Scores...>{});
  }

 private:
  ScoreInputs<Scalar> pass(const Model& model, View<Scalar> samples, ScoreMemory<Scalar>& memory) const {
    if constexpr (!(AnomalyScore<Scores> || ...)) {
      return {samples, {}, {}};
    } else if constexpr (!reads_any_code) {
      return {samples, model.reconstruct(samples, memory.workspace), {nullptr, 0, samples.cols()}};
    } else {
      const View<Scalar> found = model.encode(samples, memory.workspace);
      const Index size = found.rows() * found.cols();
      Scalar* const kept = memory.codes.ensure_size(size);
      std::copy_n(found.data(), size, kept);
      const View<Scalar> codes(kept, found.rows(), found.cols());
      if constexpr (DecodesAlone<Model>::value) return {samples, model.decode(codes, memory.workspace), codes};
      else return {samples, model.reconstruct(samples, memory.workspace), codes};
    }
  }

  std::tuple<Scores...> scores_;
};

/// Reconstructions and codes of any number of scaled samples, which pass through a model some at a time.
template <class Scalar>
class ScoreInputCopies {
 public:
  template <class Model, class... Scores>
  ScoreInputCopies(const ScoreSet<Model, Scores...>& set, const Model& model, View<Scalar> samples,
                   ScoreMemory<Scalar>& memory)
      : samples_(Model::allows_missing ? View<Scalar>() : samples),
        given_(Model::allows_missing ? samples : View<Scalar>()) {
    for (Index first = 0; first < samples.cols(); first += 64) {
      const Index count = (std::min)(Index{64}, samples.cols() - first);
      const ScoreInputs<Scalar> some = set.inputs(model, samples.columns(first, count), memory);
      if (first == 0) {
        reconstructions_.resize(some.reconstructions.rows(), samples.cols());
        codes_.resize(some.codes.rows(), samples.cols());
        if (Model::allows_missing) filled_.resize(samples.rows(), samples.cols());
      }
      if (filled_.rows() > 0) filled_.middleCols(first, count) = some.samples.matrix();
      if (reconstructions_.rows() > 0) reconstructions_.middleCols(first, count) = some.reconstructions.matrix();
      if (codes_.rows() > 0) codes_.middleCols(first, count) = some.codes.matrix();
    }
  }
  ScoreInputs<Scalar> inputs() const {
    return {filled_.rows() > 0 ? View<Scalar>(filled_) : samples_, reconstructions_, codes_, given_};
  }

 private:
  View<Scalar> samples_, given_;
  MatrixX<Scalar> filled_, reconstructions_, codes_;
};

/// The null object for types that are no scores, so that the compiler reports that and nothing else.
template <class Model>
struct RefusedScores : ScoreSet<Model, SquaredErrorScore> {
  RefusedScores() = default;
  template <class... Anything>
  explicit RefusedScores(const Anything&...) {}
};

/// The scores of a detector of these types: the squared error where there are none.
template <bool Legal, class Model, class... Scores>
struct ScoreSetOf {
  using type = ScoreSet<Model, Scores...>;
};
template <class Model>
struct ScoreSetOf<true, Model> {
  using type = ScoreSet<Model, SquaredErrorScore>;
};
template <class Model, class... Scores>
struct ScoreSetOf<false, Model, Scores...> {
  using type = RefusedScores<Model>;
};

/// Gives files and exports access to what a detector learned.
struct DetectorAccess {
  template <class Detector>
  static auto& state(Detector& detector) {
    return detector.state_;
  }
  template <class Detector>
  static const auto& scores(const Detector& detector) {
    return detector.scores_;
  }
  template <class Detector>
  static const auto& prototypes(const Detector& detector) {
    return detector.prototypes_;
  }
};

}  // namespace eigencoder::detail
