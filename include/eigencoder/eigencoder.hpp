#pragma once

/// @file
/// All of the library that needs Eigen alone. Images and files have headers of their own, and so has
/// `evaluation/pca.hpp`: Eigen's eigenvalue solver takes longer to compile than a whole model.
#include <eigencoder/autoencoder.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/losses/absolute_error.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/huber.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <eigencoder/data/augmentation.hpp>
#include <eigencoder/data/channels.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/optimizers/adagrad.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/adamw.hpp>
#include <eigencoder/optimizers/rmsprop.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/training/progress_bar.hpp>
#include <eigencoder/training/schedules.hpp>
