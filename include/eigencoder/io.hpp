#pragma once

/// @file
/// Model files, checkpoints, and the readers of data files, whole or as sources of a `Stream`, which may be scaled. A
/// program that reads data alone includes that reader: it then needs no nlohmann_json.
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/io/checkpoints.hpp>
#include <eigencoder/io/cifar10.hpp>
#include <eigencoder/io/cifar10_source.hpp>
#include <eigencoder/io/csv.hpp>
#include <eigencoder/io/csv_source.hpp>
#include <eigencoder/io/idx.hpp>
#include <eigencoder/io/idx_source.hpp>
#include <eigencoder/io/model_file.hpp>
#include <eigencoder/io/npy.hpp>
#include <eigencoder/io/npy_source.hpp>
#include <eigencoder/io/npz.hpp>
