#pragma once

#include <cstdint>
#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/evaluation/keep_known.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// Unknown values, which are NaN, filled by what a model with `MissingValues` reconstructs in their place. Functions
/// throw for samples that do not fit the model what `Autoencoder::reconstruct` throws.
namespace eigencoder {

/// The samples with each unknown value replaced by its reconstruction from the known ones; those stay bit for bit.
/// @throws DataError also for a sample of which nothing is known
template <class Model>
MatrixX<typename Model::Scalar> impute(const Model& model, View<typename Model::Scalar> samples) {
  detail::require_reconstruction<Model>();
  MatrixX<typename Model::Scalar> filled = model.reconstruct(samples);
  detail::keep_known(samples, 1, filled);
  return filled;
}

/// The samples filled `draws` times, from as many codes drawn from the posterior of each, which tells how uncertain a
/// filled value is: values x (samples * draws), those of a sample adjacent. For models with a Gaussian posterior, such
/// as those with `Variational`; with others it does not compile. Source: Rubin, "Multiple imputation for nonresponse in
/// surveys" (1987).
/// @param seed  of the draws; sample j and draw k have the same random numbers whatever the others
/// @throws OptionError for less than one draw
/// @throws DataError also for a sample of which nothing is known
template <class Model>
MatrixX<typename Model::Scalar> impute(const Model& model, View<typename Model::Scalar> samples, Index draws,
                                       std::uint64_t seed = 0) {
  detail::require_reconstruction<Model>();
  using Scalar = typename Model::Scalar;
  if (draws < 1) throw OptionError(detail::message({"impute: ", draws, " draws, expected at least 1"}));
  const auto posterior = model.posterior(samples);
  const Index n = posterior.mean.rows();
  MatrixX<Scalar> codes(n, samples.cols() * draws);
  for (Index c = 0; c < codes.cols(); ++c) {
    const Index j = c / draws;
    Random random(seed, Purpose::sampling, 5, 0, static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(c % draws));
    GaussianPosterior::draw_code(posterior.mean.data() + j * n, posterior.log_variance.data() + j * n, random,
                                 codes.data() + c * n, n);
  }
  MatrixX<Scalar> filled = model.decode(codes);
  detail::keep_known(samples, draws, filled);
  return filled;
}

}  // namespace eigencoder
