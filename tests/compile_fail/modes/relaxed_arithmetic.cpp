// expect: Eigencoder computes wrong results under -ffast-math
#include <eigencoder/eigencoder.hpp>
