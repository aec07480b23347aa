#pragma once

/// @file
/// What restoring images takes beside a model: the damage to learn from, models for images of any size, and the metrics
/// of restored images. (`Target` and `PixelShuffle` are in eigencoder.hpp.)
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/downscale.hpp>
#include <eigencoder/corruption/erased_mask.hpp>
#include <eigencoder/corruption/grayscale.hpp>
#include <eigencoder/corruption/overlay.hpp>
#include <eigencoder/data/pad.hpp>
#include <eigencoder/data/tiles.hpp>
#include <eigencoder/evaluation/masked_metrics.hpp>
#include <eigencoder/evaluation/structural_similarity.hpp>
#include <eigencoder/model/resized.hpp>
