#pragma once

/// @file
/// Model files, checkpoints, and the readers of data files, whole or as sources of a `Stream`, which may be scaled. A
/// program that reads data alone includes that reader: it then needs no nlohmann_json.
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/datasets/cifar10.hpp>
#include <eigencoder/datasets/cifar10_source.hpp>
#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/csv_source.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <eigencoder/datasets/idx_source.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <eigencoder/datasets/npy_source.hpp>
#include <eigencoder/datasets/npz.hpp>
#include <eigencoder/serialization/checkpoints.hpp>
#include <eigencoder/serialization/model_file.hpp>
