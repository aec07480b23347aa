// expect: Eigencoder needs constants of type double
#include <eigencoder/eigencoder.hpp>
