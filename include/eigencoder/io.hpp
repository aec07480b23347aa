#pragma once

/// @file
/// All that reads or writes files but images and the exported header: model files and checkpoints, which need
/// nlohmann_json, and the readers and sources of data files, which do not when they are included by themselves.
#include <eigencoder/data/encoded_table.hpp>
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/datasets/cifar10.hpp>
#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <eigencoder/datasets/table_csv.hpp>
#include <eigencoder/serialization/checkpoint_folder.hpp>
#include <eigencoder/serialization/load_layers.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <eigencoder/serialization/table_encoder_text.hpp>
