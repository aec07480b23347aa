#pragma once

#include <cmath>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// What `impute` needs: its requirements of a model, and the known values among those that it fills.
namespace eigencoder::detail {

/// Puts the known values of each sample into its `draws` columns of `filled`.
template <class Scalar>
void keep_known(View<Scalar> samples, Index draws, MatrixX<Scalar>& filled) {
  for (Index c = 0; c < filled.cols(); ++c)
    for (Index i = 0; i < filled.rows(); ++i)
      if (const Scalar value = samples.column(c / draws)[i]; !(std::isnan)(value)) filled(i, c) = value;
}

/// Does not compile for models that cannot fill gaps.
template <class Model>
constexpr void require_reconstruction() {
  static_assert(Model::allows_missing,
                "eigencoder: impute fills unknown values, which only models with the policy MissingValues take");
  static_assert(!Model::sets_target, "eigencoder: impute is for models that reconstruct their input, without a Target");
}

}  // namespace eigencoder::detail
