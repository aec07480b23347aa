#define EIGENCODER_SHARED
#include "support/shared_instantiations.hpp"
