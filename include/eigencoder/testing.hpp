#pragma once

/// @file
/// The laws that the parts of a model obey, as checks that any test framework can assert on.
#include <eigencoder/testing/laws.hpp>
