#pragma once

#include <eigencoder/detail/network/log_likelihood.hpp>
#include <eigencoder/detail/network/network.hpp>
#include <eigencoder/extend/diagnosis.hpp>

namespace eigencoder {

/// The posterior of each sample, N(mean, diag exp(log variance)): code size x samples.
template <class Scalar>
struct Posterior {
  MatrixX<Scalar> mean, log_variance;
};

namespace detail {

/// Whether codes can be drawn from a prior, and judged by a likelihood.
template <bool Legal, class LossType, class... Policies>
struct Generates {
  template <class P>
  static constexpr bool has_prior = requires { requires P::has_prior; };

  static constexpr Diagnosis prior =
      !Legal || (has_prior<Policies> || ...)
          ? Diagnosis{}
          : Diagnosis{Rule::has_prior, "this model", "no prior", "Variational<> or ImportanceWeighted"};
  struct Samples {
    static constexpr Diagnosis diagnosis = prior;
  };
  struct Judges {
    static constexpr Diagnosis diagnosis = [] {
      if constexpr (Legal && !Likelihood<LossType>)
        if (prior.ok())
          return Diagnosis{Rule::has_prior, part_name(LossType{}), "no likelihood", "Bernoulli, Categorical or Gaussian"};
      return prior;
    }();
  };
};

/// What a model does with codes of its own making: the members of an `Autoencoder` (its base, told the model's type)
/// that go from codes to samples.
template <class Model, class Scalar, class Can>
class Generation {
  using Matrix = MatrixX<Scalar>;
  using Samples = View<Scalar>;

 public:
  /// `count` samples from the prior: the means of the loss at codes drawn from N(0, I), values x count.
  [[gnu::cold]] Matrix sample(Index count, std::uint64_t seed = 0) const {
    require_ability<typename Can::Samples>();
    if (count < 0) throw OptionError(message({"sample: a count of ", count}));
    Matrix codes(model().code_size(), count);
    for (Index j = 0; j < count; ++j) {
      Random random(seed, Purpose::sampling, 0, 0, static_cast<std::uint32_t>(j));
      for (Index i = 0; i < codes.rows(); ++i) codes(i, j) = static_cast<Scalar>(random.normal());
    }
    return count > 0 ? model().decode(codes) : Matrix(model().input_shape().size(), 0);
  }

  /// `count` samples on the way from sample a to sample b, values x count: decoded from codes evenly spaced on the line
  /// between theirs, both ends included. Throws `OptionError` for a count below two.
  [[gnu::cold]] Matrix interpolate(Samples a, Samples b, Index count) const {
    if (a.cols() != 1 || b.cols() != 1)
      throw ShapeError(message({"interpolate: got ", a.cols(), " and ", b.cols(),
                                " samples, wanted one to begin with and one to end with"}));
    if (count < 2) throw OptionError(message({"interpolate: ", count, " samples, wanted at least 2"}));
    const Matrix from = model().encode(a), to = model().encode(b);
    Matrix codes(from.rows(), count);
    for (Index j = 0; j < count; ++j) {
      const auto t = static_cast<Scalar>(static_cast<double>(j) / static_cast<double>(count - 1));
      for (Index i = 0; i < codes.rows(); ++i) codes(i, j) = (1 - t) * from(i, 0) + t * to(i, 0);
    }
    return model().decode(codes);
  }

  /// What a code stands for as its value `dimension` goes from `from` to `to` in `count` even steps: values x count.
  /// Throws `OptionError` for a dimension that is not there or a count below two.
  [[gnu::cold]] Matrix traverse(Samples code, Index dimension, Index count = 9, double from = -3, double to = 3) const {
    check_rows(code, model().code_size(), "traverse: code");
    if (code.cols() != 1) throw ShapeError(message({"traverse: got ", code.cols(), " codes, wanted one, a column"}));
    if (dimension < 0 || dimension >= code.rows())
      throw OptionError(message({"traverse: no dimension ", dimension, ", the last is ", code.rows() - 1}));
    if (count < 2) throw OptionError(message({"traverse: ", count, " samples, wanted at least 2"}));
    Matrix codes(code.rows(), count);
    for (Index j = 0; j < count; ++j) {
      std::copy_n(code.data(), code.rows(), codes.data() + j * codes.rows());
      codes(dimension, j) =
          static_cast<Scalar>(from + (to - from) * static_cast<double>(j) / static_cast<double>(count - 1));
    }
    return model().decode(codes);
  }

  /// Mean and log variance of the posterior of each sample, code size x samples.
  [[gnu::cold]] Posterior<Scalar> posterior(Samples samples) const {
    require_ability<typename Can::Samples>();
    Posterior<Scalar> found;
    if constexpr (Can::Samples::diagnosis.ok() && Model::legal) {
      model().network().check_samples(samples, std::size_t{0}, "posterior");
      found.mean.resize(model().code_size(), samples.cols());
      found.log_variance.resize(model().code_size(), samples.cols());
      Workspace<Scalar> workspace;
      model().network().posterior(workspace, model().state_, samples, found.mean.data(), found.log_variance.data());
    }
    return found;
  }

  /// The log likelihood of each sample in nats, estimated from `draws` codes of its posterior: the logarithm of the
  /// mean of p(x | z) p(z) / q(z | x), a lower bound in expectation that grows with the draws (Burda, Grosse &
  /// Salakhutdinov 2016, "Importance weighted autoencoders", eq. 8).
  [[gnu::cold]] std::vector<double> log_likelihood(Samples samples, Index draws = 200, std::uint64_t seed = 0) const {
    require_ability<typename Can::Judges>();
    if constexpr (Can::Judges::diagnosis.ok() && Model::legal) {
      if (draws < 1) throw OptionError(message({"log_likelihood: ", draws, " draws, wanted at least 1"}));
      model().network().check_samples(samples, samples, "log_likelihood", "log_likelihood");
      const Posterior<Scalar> at = posterior(samples);
      return detail::log_likelihood<Scalar>(model().network(), model().state_, samples, at.mean, at.log_variance, draws,
                                            seed);
    } else {
      return {};
    }
  }

 private:
  const Model& model() const { return static_cast<const Model&>(*this); }

  template <class Ability>
  static constexpr void require_ability() {
    static_assert(StatedBy<Ability>::template satisfies<Rule::has_prior>,
                  "eigencoder: a generative model has a prior over its codes and a likelihood for a loss");
  }
};

}  // namespace detail
}  // namespace eigencoder
