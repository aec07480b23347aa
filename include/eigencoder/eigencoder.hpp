#pragma once

/// @file
/// What a program that trains in memory needs. Not included, because they need other libraries, or take long to compile,
/// or are for some programs alone: model files and data files (io.hpp), images (image.hpp), detectors (anomaly.hpp), the
/// restoration of images (restoration.hpp), `data/stream.hpp`, `data/stream_scaling.hpp`, `data/table_encoder.hpp`,
/// `evaluation/pca.hpp` (Eigen's eigenvalue solver alone takes longer than a model), `evaluation/detection.hpp`,
/// `export/export_header.hpp`, and testing.hpp.
#include <eigencoder/augmentation/augmented.hpp>
#include <eigencoder/bottleneck/importance_weighted.hpp>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/corruption/missing_values.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/data/channels.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/quantiles.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/evaluation/codes.hpp>
#include <eigencoder/evaluation/impute.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/evaluation/sample_losses.hpp>
#include <eigencoder/evaluation/sensitivity.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/pixel_shuffle.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/blocks.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/build_info.hpp>
#include <eigencoder/model/frozen.hpp>
#include <eigencoder/model/recipes.hpp>
#include <eigencoder/model/target.hpp>
#include <eigencoder/optimizers/adagrad.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/rmsprop.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/auxiliary_top_k.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/kl_sparsity.hpp>
#include <eigencoder/penalties/l0.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/training/progress_bar.hpp>
#include <eigencoder/training/schedule.hpp>
