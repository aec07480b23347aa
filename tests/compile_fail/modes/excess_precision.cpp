// expect: Eigencoder needs float and double computed in their own precision
#include <eigencoder/detail/platform/floating_point.hpp>
