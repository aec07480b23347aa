#pragma once

#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/compose/composition_rules.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/random.hpp>
#include <vector>

namespace eigencoder {

/// The Gaussian posterior of each sample's code: N(mean, diag(exp(log_variance))).
template <class Scalar>
struct Posterior {
  MatrixX<Scalar> mean;          ///< code size x samples
  MatrixX<Scalar> log_variance;  ///< code size x samples
};

template <class EncoderType, class DecoderType, class LossType, class... Policies>
class Autoencoder;

/// The members of an `Autoencoder` that generate samples from codes. `sample`, `posterior` and `log_likelihood` compile
/// only for models whose codes have a prior.
template <class EncoderType, class DecoderType, class LossType, class... Policies>
class GenerativeModel {
  using Model = Autoencoder<EncoderType, DecoderType, LossType, Policies...>;
  using ModelScalar = ScalarOf<Policies...>;
  static constexpr Diagnosis broken_rule = detail::diagnose_types<EncoderType, DecoderType, LossType, Policies...>();

 public:
  /// The scalar of parameters and data.
  using Scalar = typename ModelScalar::type;
  /// The rule that the composition breaks by its types, if any. A model of values may break others.
  static constexpr Diagnosis diagnosis = broken_rule;
  /// Whether the types break no rule.
  static constexpr bool legal = diagnosis.ok();

 private:
  using Matrix = MatrixX<Scalar>;
  using Samples = View<Scalar>;
  using HasPrior = detail::HasPrior<legal, Policies...>;
  using HasLikelihood = detail::HasLikelihood<legal, LossType, Policies...>;

 public:
  /// `count` samples from the prior, values x count: decoded from codes drawn from N(0, I).
  /// @throws OptionError for a negative count
  [[gnu::cold]] Matrix sample(Index count, std::uint64_t seed = 0) const {
    require_ability<HasPrior>();
    if (count < 0) throw OptionError(detail::message({"sample: a count of ", count}));
    Matrix codes(model().code_size(), count);
    for (Index j = 0; j < count; ++j) {
      Random random(seed, Purpose::sampling, 0, 0, static_cast<std::uint32_t>(j));
      for (Index i = 0; i < codes.rows(); ++i) codes(i, j) = static_cast<Scalar>(random.normal());
    }
    return count > 0 ? model().decode(codes) : Matrix(model().target_shape().size(), 0);
  }

  /// `count` samples from `a` to `b`, values x count: decoded from codes at even steps on the line between the codes of
  /// these two samples, both ends included.
  /// @throws OptionError for a count below two
  [[gnu::cold]] Matrix interpolate(Samples a, Samples b, Index count) const {
    if (a.cols() != 1 || b.cols() != 1)
      throw ShapeError(detail::message({"interpolate: got ", a.cols(), " and ", b.cols(),
                                        " samples, expected one to begin with and one to end with"}));
    if (count < 2) throw OptionError(detail::message({"interpolate: ", count, " samples, expected at least 2"}));
    const Matrix from = model().encode(a), to = model().encode(b);
    Matrix codes(from.rows(), count);
    for (Index j = 0; j < count; ++j) {
      const auto t = static_cast<Scalar>(static_cast<double>(j) / static_cast<double>(count - 1));
      for (Index i = 0; i < codes.rows(); ++i) codes(i, j) = (1 - t) * from(i, 0) + t * to(i, 0);
    }
    return model().decode(codes);
  }

  /// `count` samples, values x count: decoded from `code` with its value `dimension` replaced by values from `from` to
  /// `to` in even steps.
  /// @throws OptionError for a dimension that does not exist or a count below two
  [[gnu::cold]] Matrix traverse(Samples code, Index dimension, Index count = 9, double from = -3, double to = 3) const {
    detail::check_rows(code, model().code_size(), "traverse: code");
    if (code.cols() != 1)
      throw ShapeError(detail::message({"traverse: got ", code.cols(), " codes, expected one, a column"}));
    if (dimension < 0 || dimension >= code.rows())
      throw OptionError(detail::message({"traverse: no dimension ", dimension, ", the last is ", code.rows() - 1}));
    if (count < 2) throw OptionError(detail::message({"traverse: ", count, " samples, expected at least 2"}));
    Matrix codes(code.rows(), count);
    for (Index j = 0; j < count; ++j) {
      std::copy_n(code.data(), code.rows(), codes.data() + j * codes.rows());
      codes(dimension, j) =
          static_cast<Scalar>(from + (to - from) * static_cast<double>(j) / static_cast<double>(count - 1));
    }
    return model().decode(codes);
  }

  /// The posterior of each sample's code.
  [[gnu::cold]] Posterior<Scalar> posterior(Samples samples) const {
    require_ability<HasPrior>();
    Posterior<Scalar> found;
    if constexpr (HasPrior::diagnosis.ok() && legal) {
      model().network().check_layer_input(samples, std::size_t{0}, "posterior");
      found.mean.resize(model().code_size(), samples.cols());
      found.log_variance.resize(model().code_size(), samples.cols());
      Workspace<Scalar> workspace;
      typename Model::Inference(model().network(), model().state_, workspace)
          .posterior(samples, found.mean.data(), found.log_variance.data());
    }
    return found;
  }

  /// The log likelihood of each sample in nats, estimated from `draws` codes z of its posterior q: the logarithm of the
  /// mean of p(x | z) p(z) / q(z | x). Its expectation is a lower bound that grows with the draws (Burda, Grosse &
  /// Salakhutdinov 2016, "Importance weighted autoencoders", eq. 8).
  /// @throws OptionError for less than one draw
  /// @throws DataError also for values outside the loss's range
  [[gnu::cold]] std::vector<double> log_likelihood(Samples samples, Index draws = 200, std::uint64_t seed = 0) const {
    require_ability<HasLikelihood>();
    static_assert(!legal || !(SetsTarget<Policies> || ...),
                  "eigencoder: log_likelihood is of models that reconstruct their input, without a Target");
    if constexpr (HasLikelihood::diagnosis.ok() && legal) {
      if (draws < 1) throw OptionError(detail::message({"log_likelihood: ", draws, " draws, expected at least 1"}));
      model().network().validation.check_samples(samples, samples, "log_likelihood", "log_likelihood");
      const Posterior<Scalar> q = posterior(samples);
      return detail::log_likelihood<Scalar>(model().network(), model().state_, samples, q.mean, q.log_variance, draws,
                                            seed);
    } else {
      return {};
    }
  }

 private:
  const Model& model() const { return static_cast<const Model&>(*this); }

  template <class Ability>
  static constexpr void require_ability() {
    static_assert(detail::StatedBy<Ability>::template satisfies<Rule::has_prior>,
                  "eigencoder: a generative model has a prior over its codes and a likelihood for a loss");
  }
};

}  // namespace eigencoder
