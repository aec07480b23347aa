#pragma once

/// @file
/// Classifiers, on codes or from the start: all of the room `classification/`, and what takes layers over from another
/// model in memory. `serialization/load_layers.hpp` takes them from a file.
#include <eigencoder/classification/class_evaluation.hpp>
#include <eigencoder/classification/classes.hpp>
#include <eigencoder/classification/classifier.hpp>
#include <eigencoder/classification/refused_labels.hpp>
#include <eigencoder/model/copy_layers.hpp>
#include <eigencoder/model/frozen.hpp>
