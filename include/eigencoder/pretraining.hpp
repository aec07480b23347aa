#pragma once

/// @file
/// Training layer by layer: all of the room `pretraining/` but checkpoints.
#include <eigencoder/pretraining/contrastive_divergence.hpp>
#include <eigencoder/pretraining/deep_belief_network.hpp>
#include <eigencoder/pretraining/gibbs_options.hpp>
#include <eigencoder/pretraining/greedy_autoencoders.hpp>
#include <eigencoder/pretraining/greedy_rbms.hpp>
#include <eigencoder/pretraining/layer_options.hpp>
#include <eigencoder/pretraining/log_partition.hpp>
#include <eigencoder/pretraining/pretrain.hpp>
#include <eigencoder/pretraining/rbm.hpp>
#include <eigencoder/pretraining/units.hpp>
