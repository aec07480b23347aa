// expect: Eigencoder needs float and double computed in their own precision
#include <eigencoder/core/floating_point.hpp>
