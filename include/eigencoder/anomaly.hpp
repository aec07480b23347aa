#pragma once

/// @file
/// Detectors of anomalies: all of the room `anomaly/` but model files and the header export, and the metrics that judge
/// detectors.
#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/anomaly/calibration_split.hpp>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/likelihood_score.hpp>
#include <eigencoder/anomaly/mahalanobis_score.hpp>
#include <eigencoder/anomaly/nearest_reconstruction_score.hpp>
#include <eigencoder/anomaly/reconstruction_probability_score.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/anomaly/squared_error_score.hpp>
#include <eigencoder/evaluation/detection.hpp>
#include <eigencoder/evaluation/thresholds.hpp>
